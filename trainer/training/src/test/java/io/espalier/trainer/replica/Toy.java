package io.espalier.trainer.replica;

import io.espalier.configs.DataConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.WhenDiskFull;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.run.SampleRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A network of one layer on a table of 4 columns and 3 classes: small enough to follow each weight.
 * A batch is the whole training set, so an epoch is one step.
 */
final class Toy {
  static final double MOMENTUM = 0.9;
  static final double DECAY = 0.01;
  static final double RATE = 0.2;
  static final MemberSettings AT_FIVE =
      MemberSettings.of("one-shot").with("begin", new Span.Steps(5));
  private static final int ROWS = 40;

  private Toy() {}

  static PreparedRun run(Path directory, MaskConfig mask, MemberSettings schedule, int steps) {
    return run(directory, mask, schedule, steps, 5, new OptimizerConfig.Sgd(MOMENTUM, DECAY), 0.5);
  }

  static PreparedRun run(
      Path directory,
      MaskConfig mask,
      MemberSettings schedule,
      int steps,
      int syncEvery,
      OptimizerConfig optimizer,
      double sparsity) {
    return run(
        directory, mask, schedule, steps, syncEvery, optimizer, sparsity, 0, Optional.empty());
  }

  static PreparedRun run(
      Path directory,
      MaskConfig mask,
      MemberSettings schedule,
      int steps,
      int syncEvery,
      OptimizerConfig optimizer,
      double sparsity,
      double labelSmoothing,
      Optional<Double> clipNorm) {
    TrainConfig train =
        new TrainConfig(
            steps,
            Optional.empty(),
            1,
            new Span.Steps(syncEvery),
            Optional.of(new Span.Steps(syncEvery)),
            new Span.Percent(100),
            1,
            0,
            Duration.ofSeconds(60),
            WhenDiskFull.STOP,
            optimizer,
            new LearningRateConfig.Constant(RATE),
            labelSmoothing,
            clipNorm);
    PruneConfig prune =
        new PruneConfig(
            sparsity,
            GranularityConfig.WEIGHT,
            Kinds.score(mask),
            MemberSettings.of("global").with("normalize", "none").with("sentinel", 0.5),
            MemberSettings.of("free"),
            0,
            List.of(),
            schedule,
            mask,
            MemberSettings.of("none"));
    DataConfig data =
        new DataConfig(
            new DataConfig.Csv(table(directory), "kind", new DataConfig.TestSet.Share(0.25)),
            24,
            0.2);
    return SampleRuns.prepare(
        new RunConfig(
            "toy", 11, data, new ModelConfig(new ModelConfig.Mlp(List.of())), train, prune));
  }

  /** The same run with step rules. */
  static PreparedRun with(PreparedRun toy, MemberSettings... rules) {
    RunConfig config = toy.config();
    return SampleRuns.prepare(SampleRuns.with(config, config.train().objective(), List.of(rules)));
  }

  private static Path table(Path directory) {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder text = new StringBuilder("a,b,c,d,kind\n");
    for (int row = 0; row < ROWS; row++) {
      int kind = row % 3;
      for (int column = 0; column < 4; column++) {
        int level = column == kind ? 20 : 0;
        text.append(level + random.nextInt(30)).append(',');
      }
      text.append("xyz".charAt(kind)).append('\n');
    }
    try {
      return Files.writeString(directory.resolve("toy.csv"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
