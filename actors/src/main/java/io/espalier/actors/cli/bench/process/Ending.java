package io.espalier.actors.cli.bench.process;

/**
 * How a process ended.
 *
 * @param killed whether a kill hit it while it lived
 * @param seconds that it lived
 */
public record Ending(boolean killed, double seconds) {}
