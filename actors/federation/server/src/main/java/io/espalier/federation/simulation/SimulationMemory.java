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
import java.util.Optional;

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

  private State state;

  /**
   * The state as it is stored.
   *
   * @param clockMs virtual time
   * @param playedSeconds real time that they took
   * @param masks the newest versions, as {@code MaskCodec} writes them in full, in Base64
   * @param held version of the global masks that each client is known to have
   */
  record State(
      long clockMs,
      int rounds,
      double playedSeconds,
      long accepted,
      long late,
      long lost,
      long refused,
      List<String> masks,
      List<Integer> held) {
    State {
      masks = List.copyOf(masks);
      held = List.copyOf(held);
    }

    State after(VirtualRound.Outcome round) {
      return new State(
          round.endMs(),
          rounds + 1,
          playedSeconds,
          accepted + round.reported().size(),
          late + round.late().size(),
          lost + round.lost().size(),
          refused + round.refused(),
          masks,
          held);
    }

    State with(double seconds, List<String> newMasks, List<Integer> newHeld) {
      return new State(clockMs, rounds, seconds, accepted, late, lost, refused, newMasks, newHeld);
    }
  }

  /** {@code kept} is a checkpoint's state; empty for a simulation that begins. */
  SimulationMemory(
      Population population, NestedNetworks networks, MaskSet dense, Optional<State> kept) {
    this.population = population;
    this.state =
        kept.orElseGet(
            () ->
                new State(
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    Collections.nCopies(population.clients().size(), NOTHING)));
    this.masks = MaskDownloadCost.of(networks, state.masks(), dense);
    this.held = new ArrayList<>(state.held());
  }

  State state() {
    return state.with(state.playedSeconds(), masks.stored(), held);
  }

  long clockMs() {
    return state.clockMs();
  }

  void begin(MaskSet global) {
    masks.advance(global);
  }

  long bytesDown(VirtualClient client, RoundPayloads payloads) {
    int number = client.number();
    return payloads.bytes(client, prepared.get(number))
        + masks.bytes(client, held.get(number), payloads.materials(client).masks());
  }

  void learn(VirtualRound.Outcome outcome, RoundWork work) {
    state = state.after(outcome);
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

  void played(double seconds) {
    state = state.with(state.playedSeconds() + seconds, state.masks(), state.held());
  }

  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("clients", population.clients().size());
    facts.put("updatesAccepted", state.accepted());
    facts.put("updatesLate", state.late());
    facts.put("clientsLost", state.lost());
    facts.put("updatesRefused", state.refused());
    facts.put("virtualSeconds", state.clockMs() / 1e3);
    facts.put(
        "roundsPerMinute", state.rounds() == 0 ? 0 : 60 * state.rounds() / state.playedSeconds());
    return facts;
  }
}
