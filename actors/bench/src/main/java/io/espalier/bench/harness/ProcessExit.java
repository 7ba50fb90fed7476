package io.espalier.bench.harness;

/**
 * How a process ended.
 *
 * @param killed whether a kill hit it while it lived
 * @param seconds that it lived
 */
public record ProcessExit(boolean killed, double seconds) {}
