package io.espalier.actors.federation.simulation;

import io.espalier.actors.federation.simulation.population.Population;
import io.espalier.actors.federation.simulation.population.VirtualClient;
import io.espalier.actors.federation.simulation.round.RoundOutcome;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.RoundWork;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a simulation remembers from round to round beside its model: the time, what counted so far,
 * and which masks each client holds. Not thread-safe.
 */
final class SimulationMemory {
  private final Population population;
  private final SortedMap<Double, MaskEditions> editions = new TreeMap<>();
  private final List<Integer> held;

  /** Clients that have values and candidates of the selection. */
  private final BitSet prepared = new BitSet();

  private long clockMs;
  private long accepted;
  private long late;
  private long lost;
  private long refused;

  private SimulationMemory(Population population, List<Integer> held) {
    this.population = population;
    this.held = held;
  }

  /** Of a simulation that begins: all clients know the dense masks. */
  static SimulationMemory fresh(Population population, MaskSet dense) {
    int clients = population.clients().size();
    SimulationMemory memory =
        new SimulationMemory(population, new ArrayList<>(Collections.nCopies(clients, 0)));
    population.tiers().keySet().forEach(cap -> memory.editions.put(cap, MaskEditions.of(dense)));
    return memory;
  }

  /** What was kept at a checkpoint. */
  static SimulationMemory of(Population population, SimulationState state, MaskSet dense) {
    SimulationMemory memory = new SimulationMemory(population, new ArrayList<>(state.held()));
    state.tiers().forEach(tier -> memory.editions.put(tier.cap(), MaskEditions.of(tier, dense)));
    memory.clockMs = state.clockMs();
    memory.accepted = state.accepted();
    memory.late = state.late();
    memory.lost = state.lost();
    memory.refused = state.refused();
    return memory;
  }

  SimulationState state() {
    List<MaskEditions.Stored> tiers = new ArrayList<>();
    editions.forEach((cap, edition) -> tiers.add(edition.stored(cap)));
    return new SimulationState(clockMs, accepted, late, lost, refused, tiers, held);
  }

  long clockMs() {
    return clockMs;
  }

  /** The masks of each tier; {@link RoundPayloads} advances them. */
  SortedMap<Double, MaskEditions> editions() {
    return editions;
  }

  /** What a client of the round has to download. */
  long bytesDown(VirtualClient client, RoundPayloads payloads) {
    return payloads.bytes(client, prepared.get(client.number()))
        + edition(client).bytes(held.get(client.number()));
  }

  /** Takes in how a round ended. */
  void learn(RoundOutcome outcome, RoundWork work) {
    clockMs = outcome.endMs();
    accepted += outcome.reported().size();
    late += outcome.late().size();
    lost += outcome.lost().size();
    refused += outcome.refused();
    if (work.kind() != RoundWork.Kind.MEASURE_NORMS) {
      prepared.clear();
    }
    for (String name : outcome.equipped()) {
      VirtualClient client = population.client(name);
      held.set(client.number(), edition(client).edition());
      if (work.kind() == RoundWork.Kind.MEASURE_NORMS) {
        prepared.set(client.number());
      }
    }
  }

  /** For the summary of a run. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("clients", population.clients().size());
    facts.put("updatesAccepted", accepted);
    facts.put("updatesLate", late);
    facts.put("updatesLost", lost);
    facts.put("updatesRefused", refused);
    facts.put("virtualSeconds", clockMs / 1e3);
    return facts;
  }

  private MaskEditions edition(VirtualClient client) {
    MaskEditions found = editions.get(client.cap());
    if (found == null) {
      throw new IllegalStateException("a client must be of a tier: cap=" + client.cap());
    }
    return found;
  }
}
