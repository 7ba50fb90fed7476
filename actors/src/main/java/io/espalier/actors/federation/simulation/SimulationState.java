package io.espalier.actors.federation.simulation;

import java.util.List;

/**
 * What a simulation knows beside its model: with it, a later attempt goes on to the same bits.
 *
 * @param clockMs virtual time
 * @param accepted results that counted
 * @param held edition of its tier's masks that each client holds
 */
record SimulationState(
    long clockMs,
    long accepted,
    long late,
    long lost,
    long refused,
    List<MaskEditions.Stored> tiers,
    List<Integer> held) {
  SimulationState {
    tiers = List.copyOf(tiers);
    held = List.copyOf(held);
  }
}
