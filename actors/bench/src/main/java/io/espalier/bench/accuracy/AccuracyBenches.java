package io.espalier.bench.accuracy;

import java.util.List;

/** The benches of accuracy. */
public final class AccuracyBenches {
  private AccuracyBenches() {}

  public static List<Object> commands() {
    return List.of(
        new BenchRecipesCommand(),
        new BenchFederatedCommand(),
        new BenchPoisoningCommand(),
        new BenchShrinkCommand());
  }
}
