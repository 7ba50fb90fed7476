package io.espalier.configs;

import java.util.Optional;

/**
 * Says what computes a run.
 *
 * @param execution what computes the steps
 * @param threads of each trainer in plain Java, to the same bits for any number; empty if they are
 *     to be the cores that the trainers leave
 * @param engine what the engine computes with
 * @param norms how batch norms are computed
 */
public record ComputeConfig(
    ExecutionConfig execution, Optional<Integer> threads, EngineConfig engine, NormsConfig norms) {
  private static final int MOST_THREADS = 64;

  public static final ComputeConfig STANDARD =
      new ComputeConfig(
          ExecutionConfig.ENGINE, Optional.empty(), EngineConfig.STANDARD, NormsConfig.STANDARD);

  public ComputeConfig {
    int given = threads.orElse(1);
    new Rules()
        .require("threads", given, given >= 1 && given <= MOST_THREADS, "from 1 to " + MOST_THREADS)
        .verify();
  }
}
