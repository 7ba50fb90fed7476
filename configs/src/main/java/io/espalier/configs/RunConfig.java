package io.espalier.configs;

import io.espalier.configs.prune.PruneConfig;
import io.espalier.configs.train.TrainConfig;

/** One run, fully resolved: everything that decides its bits, and nothing about the host. */
public record RunConfig(
    String name,
    long seed,
    DataConfig data,
    ModelConfig model,
    TrainConfig train,
    PruneConfig prune) {
  public RunConfig {
    new Rules()
        .require(
            "name",
            name,
            !name.isBlank()
                && name.length() <= 100
                && name.chars().noneMatch(Character::isISOControl),
            "1 to 100 printable characters")
        .verify();
  }
}
