package io.espalier.service;

/** Travels between nodes or lies in the journal, as CBOR. */
public interface ServiceMessage {}
