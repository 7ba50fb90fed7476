package io.espalier.masks.score;

import io.espalier.configs.ScoreConfig;
import io.espalier.masks.Registry;
import java.util.function.LongFunction;

/** The registry of scores. */
public final class Scores {
  private static final Registry<ScoreConfig, LongFunction<Score>> REGISTRY =
      new Registry<ScoreConfig, LongFunction<Score>>()
          .with(ScoreConfig.Magnitude.class, config -> seed -> new MagnitudeScore())
          .with(ScoreConfig.Random.class, config -> seed -> new RandomScore(seed))
          .with(ScoreConfig.Taylor.class, config -> seed -> new TaylorScore(config.batches()))
          .with(
              ScoreConfig.Custom.class, config -> seed -> CustomScore.of(config.settings(), seed));

  private Scores() {}

  /** The score that a recipe asks for; {@code seed} is the run's. */
  public static Score of(ScoreConfig config, long seed) {
    return REGISTRY.create(config).apply(seed);
  }
}
