package io.espalier.trainer.network;

/** A layer that reads the numbers of a text's tokens. */
public interface ReadsTokens {}
