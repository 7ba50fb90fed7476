package io.espalier.training;

/** Marks actor messages that go from node to node, as Jackson CBOR. */
public interface NodeMessage {}
