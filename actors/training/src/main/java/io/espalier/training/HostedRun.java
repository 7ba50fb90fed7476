package io.espalier.training;

/**
 * A run whose trainers other nodes may host.
 *
 * @param run its id
 * @param directory of the run, shared by all nodes
 * @param fingerprint that a host's own must equal
 */
public record HostedRun(String run, String directory, RunFingerprint fingerprint) {}
