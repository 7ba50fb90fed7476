package io.espalier.bench.accuracy;

import io.espalier.federation.simulation.Attack;
import io.espalier.federation.simulation.SimulationPlan.Hostile;
import java.util.Optional;

enum PoisoningScenario {
  NONE("none", Optional.empty()),
  SIGN_FLIP_1("1 sign-flip", hostile(1, Attack.SIGN_FLIP)),
  SIGN_FLIP_2("2 sign-flip", hostile(2, Attack.SIGN_FLIP)),
  SCALE_1("1 scale", hostile(1, Attack.SCALE)),
  SCALE_2("2 scale", hostile(2, Attack.SCALE)),
  LABEL_FLIP_1("1 label-flip", hostile(1, Attack.LABEL_FLIP)),
  LABEL_FLIP_2("2 label-flip", hostile(2, Attack.LABEL_FLIP)),
  CLAIM_1("1 scale:100000", Optional.of(new Hostile(1, Attack.SCALE, Optional.of(100_000))));

  private final String title;
  private final Optional<Hostile> hostile;

  PoisoningScenario(String title, Optional<Hostile> hostile) {
    this.title = title;
    this.hostile = hostile;
  }

  private static Optional<Hostile> hostile(int clients, Attack attack) {
    return Optional.of(new Hostile(clients, attack, Optional.empty()));
  }

  String title() {
    return title;
  }

  Optional<Hostile> hostile() {
    return hostile;
  }
}
