package io.espalier.actors.cli.train;

import io.espalier.configs.DataConfig;
import io.espalier.configs.train.TrainConfig;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;

/** Says in a few lines what a run is going to do, and what came of it. */
final class RunDescription {
  private RunDescription() {}

  static void print(PrintWriter out, PreparedRun run, Path directory) {
    out.printf(Locale.ROOT, "run       %s (every setting is in its recipe.conf)%n", directory);
    printData(out, run);
    out.printf(
        Locale.ROOT,
        "network   %s: %,d prunable weights, %,d multiply-accumulates%n",
        run.config().model().architecture().kind(),
        run.plan().prunable(),
        run.network().macs());
    out.printf(
        Locale.ROOT,
        "plan      %,d steps (%s, %d trainers), %d mask updates, %,d weights kept at %.2f%% sparsity%n",
        run.plan().totalSteps(),
        length(run.config().train()),
        run.config().train().trainers(),
        run.plan().updates().size(),
        run.plan().finalKept(),
        100 * run.plan().finalSparsity());
    out.flush();
  }

  private static void printData(PrintWriter out, PreparedRun run) {
    if (run.config().data().source() instanceof DataConfig.Kafka kafka) {
      out.printf(
          Locale.ROOT,
          "data      topic %s as it arrives: %s%% held out, the newest %,d of them evaluated%n",
          kafka.topic(),
          BigDecimal.valueOf(kafka.holdOut())
              .movePointRight(2)
              .stripTrailingZeros()
              .toPlainString(),
          kafka.window());
      return;
    }
    out.printf(
        Locale.ROOT,
        "data      %s: %,d training, %,d validation, %,d test examples%n",
        run.dataset().name(),
        run.dataset().train().count() - run.splits().validation().length,
        run.splits().validation().length,
        run.dataset().test().count());
  }

  private static String length(TrainConfig train) {
    return train
        .samples()
        .map(samples -> String.format(Locale.ROOT, "%,d samples", samples))
        .orElseGet(() -> train.epochs() + " epochs");
  }

  static void printResult(PrintWriter out, FinishedRun run) {
    MaskSet masks = run.committed().masks().masks();
    out.printf(
        Locale.ROOT,
        "result    accuracy %.2f%% on %s at %.2f%% sparsity (%,d of %,d weights kept)%n",
        100 * run.test().accuracy(),
        run.committed().stream().isPresent()
            ? String.format(Locale.ROOT, "%,d held-out examples", run.test().examples())
            : "the test set",
        100 * masks.sparsity(),
        masks.kept(),
        masks.total());
  }
}
