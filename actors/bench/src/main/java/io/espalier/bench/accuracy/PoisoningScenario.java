package io.espalier.bench.accuracy;

import io.espalier.federation.simulation.Attack;
import io.espalier.federation.simulation.SimulationPlan.Hostile;
import java.util.Optional;

enum PoisoningScenario {
  NONE(0, Attack.SIGN_FLIP, 0),
  SIGN_FLIP_1(1, Attack.SIGN_FLIP, 0),
  SIGN_FLIP_2(2, Attack.SIGN_FLIP, 0),
  SCALE_1(1, Attack.SCALE, 0),
  SCALE_2(2, Attack.SCALE, 0),
  LABEL_FLIP_1(1, Attack.LABEL_FLIP, 0),
  LABEL_FLIP_2(2, Attack.LABEL_FLIP, 0),
  CLAIM_1(1, Attack.SCALE, 100_000);

  private final int clients;
  private final Attack attack;
  private final int claim;

  /** {@code claim} is 0 for clients that name their own number of examples. */
  PoisoningScenario(int clients, Attack attack, int claim) {
    this.clients = clients;
    this.attack = attack;
    this.claim = claim;
  }

  String title() {
    String claimed = claim > 0 ? ":" + claim : "";
    return clients == 0 ? "none" : clients + " " + attack.word() + claimed;
  }

  Optional<Hostile> hostile() {
    return clients == 0
        ? Optional.empty()
        : Optional.of(
            new Hostile(clients, attack, claim > 0 ? Optional.of(claim) : Optional.empty()));
  }
}
