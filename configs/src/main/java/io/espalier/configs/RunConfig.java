package io.espalier.configs;

import io.espalier.configs.federation.FederationConfig;
import io.espalier.configs.prune.MaskConfig;
import io.espalier.configs.prune.PruneConfig;
import io.espalier.configs.prune.RegrowthConfig;
import io.espalier.configs.prune.ScoreConfig;
import io.espalier.configs.stream.StreamRules;
import io.espalier.configs.train.TrainConfig;

/** One run, fully resolved: everything that decides its bits, and nothing about the host. */
public record RunConfig(
    String name,
    long seed,
    DataConfig data,
    ModelConfig model,
    TrainConfig train,
    PruneConfig prune,
    FederationConfig federation) {
  public RunConfig {
    boolean federated = !(federation instanceof FederationConfig.None);
    StreamRules.of(data, train, prune, federated)
        .require(
            "name",
            name,
            !name.isBlank()
                && name.length() <= 100
                && name.chars().noneMatch(Character::isISOControl),
            "1 to 100 printable characters")
        .require(
            "prune.mask",
            prune.mask(),
            !federated || prune.mask() instanceof MaskConfig.Hard,
            "hard in a federation")
        .require(
            "prune.regrowth",
            prune.regrowth(),
            !federated || prune.regrowth() instanceof RegrowthConfig.None,
            "none in a federation: its algorithm regrows")
        .require(
            "prune.score",
            prune.score(),
            !federated
                || prune.score() instanceof ScoreConfig.Magnitude
                || prune.score() instanceof ScoreConfig.Random,
            "magnitude or random in a federation")
        .require(
            "prune.sparsity",
            prune.sparsity(),
            !(federation instanceof FederationConfig.FedTiny) || prune.sparsity() > 0,
            "above 0 with fedtiny")
        .verify();
  }

  /** A run that is no federation. */
  public RunConfig(
      String name,
      long seed,
      DataConfig data,
      ModelConfig model,
      TrainConfig train,
      PruneConfig prune) {
    this(name, seed, data, model, train, prune, new FederationConfig.None());
  }

  /** This run with {@code rounds} epochs of one step each, for clocks that count rounds. */
  public RunConfig countingRounds(int rounds) {
    return new RunConfig(
        name, seed, data, model, train.withClock(rounds, new Span.Steps(1)), prune, federation);
  }
}
