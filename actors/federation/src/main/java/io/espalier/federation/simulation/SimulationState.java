package io.espalier.federation.simulation;

import java.util.List;

/**
 * The state of a simulation beside its model, as it is stored.
 *
 * @param clockMs virtual time
 * @param rounds that were played
 * @param playedSeconds real time that they took
 * @param accepted results that counted
 * @param masks the newest versions, as {@code MaskCodec} writes them in full, in Base64
 * @param held version of the global masks that each client is known to have
 */
record SimulationState(
    long clockMs,
    int rounds,
    double playedSeconds,
    long accepted,
    long late,
    long lost,
    long refused,
    List<String> masks,
    List<Integer> held) {
  SimulationState {
    masks = List.copyOf(masks);
    held = List.copyOf(held);
  }
}
