package io.espalier.masks.regrowth;

import io.espalier.configs.RegrowthConfig;
import io.espalier.masks.Registry;
import java.util.Optional;
import java.util.function.LongFunction;

/** The registry of regrowth rules. */
public final class Regrowths {
  private static final Registry<RegrowthConfig, LongFunction<Optional<Regrowth>>> REGISTRY =
      new Registry<RegrowthConfig, LongFunction<Optional<Regrowth>>>()
          .with(RegrowthConfig.None.class, config -> seed -> Optional.empty())
          .with(
              RegrowthConfig.SparseEvolution.class,
              config -> seed -> Optional.of(new RandomRegrowth(seed)))
          .with(
              RegrowthConfig.RigL.class,
              config -> seed -> Optional.of(new GradientRegrowth(config.batches())));

  private Regrowths() {}

  /** The rule that a recipe asks for; {@code seed} is the run's. */
  public static Optional<Regrowth> of(RegrowthConfig config, long seed) {
    return REGISTRY.create(config).apply(seed);
  }
}
