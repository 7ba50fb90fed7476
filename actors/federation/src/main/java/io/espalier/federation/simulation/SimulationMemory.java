package io.espalier.federation.simulation;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.RoundWork;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a simulation beside its model: the time, the counts, and the masks that each client
 * holds. Not thread-safe.
 */
final class SimulationMemory {
  private static final int NOTHING = -1;

  private final Population population;
  private final MaskDownloadCost masks;
  private final List<Integer> held;

  /** Clients that have downloaded values and candidates of the selection. */
  private final BitSet prepared = new BitSet();

  private long clockMs;
  private int rounds;
  private double playedSeconds;
  private long accepted;
  private long late;
  private long lost;
  private long refused;

  private SimulationMemory(Population population, MaskDownloadCost masks, List<Integer> held) {
    this.population = population;
    this.masks = masks;
    this.held = held;
  }

  static SimulationMemory fresh(Population population, NestedNetworks networks, MaskSet dense) {
    int clients = population.clients().size();
    return new SimulationMemory(
        population,
        new MaskDownloadCost(networks, dense),
        new ArrayList<>(Collections.nCopies(clients, NOTHING)));
  }

  static SimulationMemory of(
      Population population, SimulationState state, NestedNetworks networks, MaskSet dense) {
    SimulationMemory memory =
        new SimulationMemory(
            population,
            MaskDownloadCost.of(networks, state.masks(), dense),
            new ArrayList<>(state.held()));
    memory.clockMs = state.clockMs();
    memory.rounds = state.rounds();
    memory.playedSeconds = state.playedSeconds();
    memory.accepted = state.accepted();
    memory.late = state.late();
    memory.lost = state.lost();
    memory.refused = state.refused();
    return memory;
  }

  SimulationState state() {
    return new SimulationState(
        clockMs, rounds, playedSeconds, accepted, late, lost, refused, masks.stored(), held);
  }

  long clockMs() {
    return clockMs;
  }

  void begin(MaskSet global) {
    masks.advance(global);
  }

  long bytesDown(VirtualClient client, RoundPayloads payloads) {
    int number = client.number();
    return payloads.bytes(client, prepared.get(number))
        + masks.bytes(client, held.get(number), payloads.materials(client).masks());
  }

  void learn(RoundOutcome outcome, RoundWork work) {
    clockMs = outcome.endMs();
    rounds++;
    accepted += outcome.reported().size();
    late += outcome.late().size();
    lost += outcome.lost().size();
    refused += outcome.refused();
    boolean prepares = work.kind() == RoundWork.Kind.MEASURE_NORMS;
    prepared.clear();
    for (String name : outcome.equipped()) {
      prepared.set(population.client(name).number(), prepares);
    }
    outcome.reported().forEach(this::heldNow);
    outcome.lost().stream().filter(outcome.equipped()::contains).forEach(this::heldNow);
  }

  /** A client that reports shows its version; one that comes back names it. */
  private void heldNow(String name) {
    held.set(population.client(name).number(), masks.version());
  }

  /** Adds the real time of a round. */
  void played(double seconds) {
    playedSeconds += seconds;
  }

  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("clients", population.clients().size());
    facts.put("updatesAccepted", accepted);
    facts.put("updatesLate", late);
    facts.put("clientsLost", lost);
    facts.put("updatesRefused", refused);
    facts.put("virtualSeconds", clockMs / 1e3);
    facts.put("roundsPerMinute", rounds == 0 ? 0 : 60 * rounds / playedSeconds);
    return facts;
  }
}
