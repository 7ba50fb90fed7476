package io.espalier.trainer.executor;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.RunConfig;

/** Decides how many threads a trainer computes with where results do not depend on it. */
public final class TrainerThreads {
  /** The system property that limits the cores of a process whose runs share a machine. */
  public static final String CORES = "io.espalier.cores";

  private TrainerThreads() {}

  /**
   * The threads that the recipe names, else the cores that each trainer of the process has; one for
   * a device of a federation.
   */
  public static int of(RunConfig config) {
    int cores = config.federation() instanceof FederationConfig.None ? cores() : 1;
    return config
        .train()
        .compute()
        .threads()
        .orElse(Math.max(1, cores / config.train().trainers()));
  }

  private static int cores() {
    return Integer.getInteger(CORES, Runtime.getRuntime().availableProcessors());
  }
}
