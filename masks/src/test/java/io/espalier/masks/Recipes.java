package io.espalier.masks;

import io.espalier.configs.ClockConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.LossConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.RecoveryConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.StepConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.WhenDiskFull;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Recipes for tests; batches of 10. */
public final class Recipes {
  /** As recipes have it that leave {@code prune.allocation} away. */
  public static final MemberSettings GLOBAL =
      MemberSettings.of("global").with("normalize", "none").with("sentinel", 0.5);

  private Recipes() {}

  public static PruneConfig prune(
      double sparsity,
      MemberSettings score,
      MemberSettings allocation,
      MemberSettings schedule,
      MaskConfig mask) {
    return new PruneConfig(
        new TargetConfig(sparsity, .005, List.of()),
        GranularityConfig.WEIGHT,
        new RankingConfig(score, allocation, MemberSettings.of("free")),
        schedule,
        mask);
  }

  public static PruneConfig withRegrowth(PruneConfig plain, MemberSettings regrowth) {
    return new PruneConfig(
        new TargetConfig(
            plain.target().sparsity(), plain.target().minKeep(), plain.target().exclude()),
        plain.granularity(),
        new RankingConfig(
            plain.ranking().score(), plain.ranking().allocation(), plain.ranking().selection()),
        plain.schedule(),
        plain.mask(),
        regrowth,
        MemberSettings.of("none"));
  }

  public static PruneConfig prune(MemberSettings allocation, MaskConfig mask) {
    return prune(
        .9, MemberSettings.of("magnitude"), allocation, MemberSettings.of("constant"), mask);
  }

  public static PruneConfig prune(double sparsity, MemberSettings schedule, MaskConfig mask) {
    return prune(sparsity, MemberSettings.of("magnitude"), GLOBAL, schedule, mask);
  }

  /** A gradual schedule from step {@code begin} to step {@code end}. */
  public static MemberSettings gradual(
      String name, long begin, long end, int updates, double initial) {
    return MemberSettings.of(name)
        .with("begin", new Span.Steps(begin))
        .with("end", new Span.Steps(end))
        .with("updates", updates)
        .with("initial", initial)
        .with("continue", Optional.empty())
        .with("freeze", Optional.empty());
  }

  public static MemberSettings exchanging(String name, Span every, Span end, double fraction) {
    return MemberSettings.of(name).with("every", every).with("end", end).with("fraction", fraction);
  }

  public static RunConfig run(
      int epochs,
      Span syncEvery,
      Optional<Span> evaluateEvery,
      Span checkpointEvery,
      PruneConfig prune) {
    return new RunConfig(
        "test",
        1,
        new DataConfig(new DataConfig.Digits(.2), 10, 0),
        new ModelConfig(new ModelConfig.LeNet5()),
        new TrainConfig(
            1,
            new ClockConfig(
                epochs,
                Optional.empty(),
                syncEvery,
                evaluateEvery,
                checkpointEvery,
                Optional.empty()),
            new RecoveryConfig(1, 0, Duration.ofMinutes(1), WhenDiskFull.STOP),
            new StepConfig(
                new OptimizerConfig.Sgd(.9, 0),
                new LearningRateConfig.Constant(.1),
                Optional.empty()),
            LossConfig.crossEntropy(0)),
        prune);
  }

  public static RunConfig run(int epochs, long syncEvery, PruneConfig prune) {
    return run(epochs, new Span.Steps(syncEvery), Optional.empty(), new Span.Epochs(1), prune);
  }
}
