package io.espalier.cli.train;

import io.espalier.cli.console.Counted;
import io.espalier.cli.console.WrappedLine;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.TableEncoding;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.training.run.CutEvents;
import io.espalier.training.run.EarlyEnd;
import io.espalier.training.run.RunDirectory;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

final class RunDescription {
  private static final int FAST_WIDTH = 8;

  private RunDescription() {}

  static void print(PrintWriter out, PreparedRun run, Path directory) {
    WrappedLine.print(out, "run       %s (every setting is in its recipe.conf)", directory);
    printPlan(out, run);
  }

  /** The plan of a run that is not begun. */
  static void printRehearsal(PrintWriter out, PreparedRun run, Path directory) {
    WrappedLine.print(out, "run       would be written to %s; nothing is written", directory);
    printPlan(out, run);
  }

  private static void printPlan(PrintWriter out, PreparedRun run) {
    printData(out, run);
    WrappedLine.print(
        out,
        "network   %s: %,d prunable weights, %,d multiply-accumulates",
        run.config().model().architecture().kind(),
        run.plan().prunable(),
        run.network().macs());
    WrappedLine.print(
        out,
        "plan      %,d steps (%s, %s), %s, %s",
        run.plan().totalSteps(),
        length(run.config().train()),
        Counted.of(run.config().train().trainers(), "trainer"),
        Counted.of(run.plan().updates().size(), "mask update"),
        aim(run));
    run.config()
        .train()
        .clock()
        .stopEarly()
        .ifPresent(
            rule ->
                WrappedLine.print(
                    out,
                    "early     ends after %s, counted from step %,d on",
                    EarlyEnd.rule(rule),
                    run.plan().settledStep()));
    if (mayBecomeSlower(run)) {
      WrappedLine.print(
          out,
          "hint      widths that are no multiple of %d can make steps slower than before: -D"
              + " prune.granularity.round-to=%d keeps to those (docs/channels.md)",
          FAST_WIDTH,
          FAST_WIDTH);
    }
    out.flush();
  }

  /** The plan by name, for programs. */
  static Map<String, Object> facts(PreparedRun run, Path directory) {
    TrainConfig train = run.config().train();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("directory", directory.toString());
    facts.put("recipe", run.config().name());
    facts.put("seed", run.config().seed());
    facts.put("data", run.dataset().name());
    if (!run.streams()) {
      int heldOut = run.splits().validation().length;
      facts.put("trainingExamples", run.dataset().train().count() - heldOut);
      facts.put("validationExamples", heldOut);
      facts.put("testExamples", run.dataset().test().count());
    }
    facts.put("model", run.config().model().architecture().kind());
    facts.put("prunable", run.plan().prunable());
    facts.put("macs", run.network().macs());
    facts.put("trainers", train.trainers());
    facts.put("totalSteps", run.plan().totalSteps());
    facts.put("stepsPerEpoch", run.plan().stepsPerEpoch());
    facts.put("maskUpdates", run.plan().updates().size());
    facts.put("targetSparsity", run.config().prune().target().sparsity());
    facts.put("finalSparsityStep", run.plan().finalSparsityStep());
    if (train.clock().stopEarly().isPresent()) {
      facts.put("mayEndEarlyFromStep", run.plan().settledStep());
    }
    return facts;
  }

  private static boolean mayBecomeSlower(PreparedRun run) {
    return run.config().prune().granularity() instanceof GranularityConfig.Channel channel
        && channel.cutting().when() != CuttingConfig.When.NEVER
        && !(channel.budget() instanceof BudgetConfig.Latency)
        && channel.limits().roundTo() % FAST_WIDTH != 0
        && run.network().nodes().stream()
            .filter(
                node ->
                    run.network().parametersOf(node).stream().anyMatch(RunDescription::isRunning))
            .map(node -> run.network().shapeOf(node.name()))
            .anyMatch(shape -> !shape.isVector() && shape.channels() >= 2 * FAST_WIDTH);
  }

  private static boolean isRunning(ParameterSpec statistic) {
    return !statistic.role().isTrained();
  }

  private static String aim(PreparedRun run) {
    if (run.config().prune().granularity() instanceof GranularityConfig.Channel channel) {
      return String.format(
          Locale.ROOT,
          "−%s%% of the %s by %s %ss",
          percent(run.config().prune().target().sparsity()),
          budget(channel.budget()),
          channel.cutting().when() == CuttingConfig.When.NEVER ? "masking" : "cutting",
          channel.name());
    }
    return String.format(
        Locale.ROOT,
        "%,d weights kept at %.2f%% sparsity",
        run.plan().finalKept(),
        100 * run.plan().finalSparsity());
  }

  private static void printData(PrintWriter out, PreparedRun run) {
    if (run.config().data().source() instanceof KafkaConfig kafka) {
      WrappedLine.print(
          out,
          "data      topic %s as it arrives: %s%% held out, the newest %,d of them evaluated",
          kafka.topic(),
          percent(kafka.holdOut()),
          kafka.window());
      return;
    }
    WrappedLine.print(
        out,
        "data      %s: %,d training, %,d validation, %,d test examples%s",
        run.dataset().name(),
        run.dataset().train().count() - run.splits().validation().length,
        run.splits().validation().length,
        run.dataset().test().count(),
        run.dataset().encoding().map(RunDescription::inputs).orElse(""));
  }

  private static String inputs(InputEncoding encoding) {
    if (encoding instanceof TextEncoding text) {
      return String.format(
          Locale.ROOT,
          text.labelled() ? ", texts of %,d tokens" : ", windows of %,d tokens",
          text.context());
    }
    if (!(encoding instanceof TableEncoding table)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        ", %,d columns as %,d inputs",
        table.columns().size(),
        table.features().size());
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString();
  }

  private static String length(TrainConfig train) {
    return train
        .clock()
        .samples()
        .map(samples -> String.format(Locale.ROOT, "%,d samples", samples))
        .orElseGet(() -> Counted.of(train.clock().epochs(), "epoch"));
  }

  static String result(FinishedRun finished) {
    return String.format(
        Locale.ROOT,
        "result    %s on %s %s",
        finished
            .committed()
            .run()
            .dataset()
            .metric()
            .text(finished.test().accuracy(), finished.test().loss()),
        finished.committed().stream().isPresent()
            ? String.format(Locale.ROOT, "%,d held-out examples", finished.test().examples())
            : "the test set",
        finished.committed().run().config().prune().granularity()
                instanceof GranularityConfig.Channel channel
            ? left(channel, finished.committed())
            : left(finished.committed().masks().masks()));
  }

  /** Prints why the run ended early, and its best state. */
  static void printEnding(PrintWriter out, FinishedRun finished, RunDirectory directory) {
    EarlyEnd.reason(finished)
        .ifPresent(
            reason ->
                WrappedLine.print(
                    out,
                    "early     ended at step %,d of %,d: %s",
                    finished.committed().step(),
                    finished.committed().run().plan().totalSteps(),
                    reason));
    finished
        .validation()
        .best()
        .ifPresent(
            best ->
                WrappedLine.print(
                    out,
                    "best      %s: %s at step %,d",
                    directory.best(),
                    best.text(),
                    best.step()));
  }

  private static String left(MaskSet masks) {
    return String.format(
        Locale.ROOT,
        "at %.2f%% sparsity (%,d of %,d weights kept)",
        100 * masks.sparsity(),
        masks.kept(),
        masks.total());
  }

  private static String left(GranularityConfig.Channel channel, Committed committed) {
    double gone = 100 * (1 - CutEvents.budgetShare(committed).orElse(1));
    if (channel.cutting().when() == CuttingConfig.When.NEVER) {
      return String.format(
          Locale.ROOT, "with %.1f%% of the %s masked, none cut", gone, budget(channel.budget()));
    }
    Network whole = committed.run().wholeNetwork();
    Network now = committed.run().network();
    String text =
        String.format(
            Locale.ROOT,
            "with %.1f%% fewer MACs (%,d → %,d), parameters %,d → %,d",
            100 - 100.0 * now.macs() / whole.macs(),
            whole.macs(),
            now.macs(),
            whole.values(),
            now.values());
    return channel.budget() instanceof BudgetConfig.Latency
        ? text + String.format(Locale.ROOT, ", latency −%.1f%% by the table", gone)
        : text;
  }

  private static String budget(BudgetConfig budget) {
    if (budget instanceof BudgetConfig.Macs) {
      return "multiply-accumulates";
    }
    return budget instanceof BudgetConfig.Parameters ? "parameters" : "latency";
  }
}
