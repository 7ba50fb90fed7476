package io.espalier.bench.cost;

import java.util.List;

/** The benches of what pruning costs. */
public final class CostBenches {
  private CostBenches() {}

  public static List<Object> commands() {
    return List.of(
        new BenchStepCommand(),
        new BenchSparseCommand(),
        new BenchLanguageCommand(),
        new BenchInferenceCommand(),
        new BenchMasksCommand(),
        new BenchMemoryCommand(),
        new BenchPruneCommand());
  }
}
