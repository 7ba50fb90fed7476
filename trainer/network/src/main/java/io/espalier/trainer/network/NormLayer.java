package io.espalier.trainer.network;

/** A layer that normalises, so that a scale of the layer before it has no effect. */
public interface NormLayer {}
