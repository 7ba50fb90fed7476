package io.espalier.actors.cli.train;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Says in a few lines what a run is going to do, and what came of it. */
final class RunDescription {
  private RunDescription() {}

  static void print(PrintWriter out, PreparedRun run, Path directory) {
    out.printf(Locale.ROOT, "run       %s (every setting is in its recipe.conf)%n", directory);
    out.printf(
        Locale.ROOT,
        "data      %s: %,d training, %,d validation, %,d test examples%n",
        run.dataset().name(),
        run.dataset().train().count() - run.splits().validation().length,
        run.splits().validation().length,
        run.dataset().test().count());
    out.printf(
        Locale.ROOT,
        "network   %s: %,d prunable weights, %,d multiply-accumulates%n",
        run.config().model().architecture().kind(),
        run.plan().prunable(),
        run.network().macs());
    out.printf(
        Locale.ROOT,
        "plan      %,d steps (%d epochs, %d trainers), %d mask updates, %,d weights kept at %.2f%% sparsity%n",
        run.plan().totalSteps(),
        run.config().train().epochs(),
        run.config().train().trainers(),
        run.plan().updates().size(),
        run.plan().finalKept(),
        100 * run.plan().finalSparsity());
    out.flush();
  }

  static void printResult(PrintWriter out, FinishedRun run) {
    MaskSet masks = run.committed().masks().masks();
    out.printf(
        Locale.ROOT,
        "result    accuracy %.2f%% on the test set at %.2f%% sparsity (%,d of %,d weights kept)%n",
        100 * run.test().accuracy(),
        100 * masks.sparsity(),
        masks.kept(),
        masks.total());
  }
}
