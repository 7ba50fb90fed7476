package io.espalier.service;

/** A message between nodes or in the journal, as CBOR. */
public interface ServiceMessage {}
