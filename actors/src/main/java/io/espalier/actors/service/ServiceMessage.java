package io.espalier.actors.service;

/** Travels between nodes or lies in the journal, as CBOR. */
public interface ServiceMessage {}
