package io.espalier.bench.shrink;

import io.espalier.bench.harness.CleanupStack;
import io.espalier.bench.harness.ResultOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.DownloadProgress;
import io.espalier.cli.console.EspalierHome;
import io.espalier.cli.console.JsonOutput;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench shrink}: what it buys to cut channels while training goes on. */
@Command(
    name = "shrink",
    description = {
      "Train ResNet-20 on a part of Fashion-MNIST: dense, with channels that are masked, cut out"
          + " while training goes on, drawn at random and cut, and narrow from the start. Time,"
          + " memory, accuracy, size, latency in ONNX Runtime.",
      "",
      "All runs of a seed train an epoch in turns, each in a process of its own, so that a machine"
          + " that becomes slower does so for all. A bench that was stopped goes on where it was."
          + " Linux only."
    })
public final class BenchShrinkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--seeds", defaultValue = "2", description = "Runs per line (default: 2).")
  private int seeds;

  @Option(names = "--epochs", defaultValue = "6", description = "Length of a run (default: 6).")
  private int epochs;

  @Option(
      names = "--images",
      defaultValue = "15000",
      description = "Training examples, of 60,000 (default: 15000).")
  private int images;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      description = "Lines of the table, such as live-50 (default: all).")
  private List<String> rows = new ArrayList<>();

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of every recipe, such as -D data.batch-size=64.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print the results as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/shrink).")
  private Path out = Path.of("bench", "shrink");

  @Override
  public Integer call() throws IOException {
    if (seeds < 1 || epochs < 1 || images < 1 || images > ShrinkTrial.EXAMPLES) {
      throw new ParameterException(
          spec.commandLine(),
          "--seeds and --epochs must be 1 or more, --images from 1 to %d: seeds=%d, epochs=%d, images=%d"
              .formatted(ShrinkTrial.EXAMPLES, seeds, epochs, images));
    }
    List<ShrinkTrial> trials = ShrinkTrial.of(lines(), seeds, epochs, images, overrides);
    DataHome home =
        DataHome.of(EspalierHome.path())
            .reportingTo(new DownloadProgress(spec.commandLine().getErr(), System::nanoTime));
    trials.stream()
        .filter(trial -> trial.seed() == trials.get(0).seed())
        .forEach(trial -> Objects.requireNonNull(PreparedRun.of(trial.recipe().config(), home)));
    ResultOutput output = new ResultOutput(spec, json, out);
    try (ResultStore<ShrinkResult> store = ResultStore.open(out, ShrinkResult.class)) {
      for (long seed : trials.stream().map(ShrinkTrial::seed).distinct().toList()) {
        race(trials.stream().filter(trial -> trial.seed() == seed).toList(), store, output);
      }
      List<ShrinkResult> results =
          trials.stream()
              .map(trial -> Objects.requireNonNull(store.results().get(trial.key())))
              .toList();
      output.say("latency in ONNX Runtime …");
      output.finish(
          ShrinkTable.of(results, ExportedNetwork.of(trials, out)),
          results.stream().map(JsonOutput::map).toList());
    }
    return ExitCode.OK;
  }

  private List<ShrinkRow> lines() {
    List<ShrinkRow> all = ShrinkRow.all();
    List<String> labels = all.stream().map(ShrinkRow::label).toList();
    rows.stream()
        .filter(row -> !labels.contains(row))
        .findFirst()
        .ifPresent(
            row -> {
              throw new ParameterException(
                  spec.commandLine(),
                  "--rows must name lines of the table: row=%s; lines are %s"
                      .formatted(row, String.join(", ", labels)));
            });
    return all.stream().filter(row -> rows.isEmpty() || rows.contains(row.label())).toList();
  }

  /** Lets all runs of a seed that are not there yet train in turns; who is behind comes first. */
  private void race(List<ShrinkTrial> trials, ResultStore<ShrinkResult> store, ResultOutput output)
      throws IOException {
    try (CleanupStack cleanup = CleanupStack.start()) {
      List<ShrinkProcess> contenders = new ArrayList<>();
      for (ShrinkTrial trial : trials) {
        if (!store.results().containsKey(trial.key())) {
          ShrinkProcess contender = ShrinkProcess.start(trial, trial.directory(out));
          cleanup.add(contender::close);
          contenders.add(contender);
        }
      }
      while (!contenders.isEmpty()) {
        long least = contenders.stream().mapToLong(ShrinkProcess::turns).min().orElseThrow();
        for (ShrinkProcess contender : List.copyOf(contenders)) {
          if (contender.turns() > least) {
            continue;
          }
          ShrinkTrial trial = contender.trial();
          output.say("seed %d, turn %d: %s …", trial.seed(), least + 1, trial.row().label());
          Optional<ShrinkOutcome> outcome = contender.turn();
          if (outcome.isPresent()) {
            store.append(ShrinkResult.of(trial, outcome.get()));
            contenders.remove(contender);
            output.say(
                "%s: %.1f s, accuracy %.2f %%",
                trial.row().label(), outcome.get().seconds(), 100 * outcome.get().accuracy());
          }
        }
      }
    }
  }
}
