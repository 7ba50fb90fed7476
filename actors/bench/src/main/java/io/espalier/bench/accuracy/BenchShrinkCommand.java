package io.espalier.bench.accuracy;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.file.Json;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "shrink",
    description = {
      "Trains ResNet-20 on a part of Fashion-MNIST: dense, with channels that are masked, cut out"
          + " while training goes on, drawn at random and cut, and narrow from the start. With"
          + " --network=char-lm, a language model on the bundled text: with pruned weights, or with"
          + " heads and neurons or whole blocks cut while training goes on, each with a control"
          + " drawn at random. Processor time, memory, accuracy or bits per character, size, latency"
          + " in ONNX Runtime; the trade of time against accuracy as a picture, DIR/trade.svg.",
      "",
      "All runs of a seed train an epoch in turns, each in a process of its own, so that a machine"
          + " that becomes slower does so for all; what other processes take is not counted. A bench"
          + " that was stopped goes on where it was. Each run's process takes about a gigabyte until"
          + " it ends. Linux only."
    })
final class BenchShrinkCommand implements Callable<Integer> {
  private static final int IMAGES = 15_000;
  private static final int EPOCHS = 6;

  @Option(
      names = "--network",
      paramLabel = "MODEL",
      defaultValue = "resnet-20",
      description = "resnet-20 or char-lm (default: ${DEFAULT-VALUE}).")
  private String network = "";

  @Mixin private SeedOption seeds = new SeedOption(2);

  @Option(names = "--epochs", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int epochs = EPOCHS;

  @Option(
      names = "--images",
      description = "Training examples, of the 60,000 of Fashion-MNIST (default: 15000).")
  private Optional<Integer> images = Optional.empty();

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      description = "Lines, such as live-50 (default: all of the table).")
  private List<String> rows = new ArrayList<>();

  @Option(
      names = "--windows",
      split = ",",
      paramLabel = "SHARE",
      description =
          "Compare when and how channels are cut, in place of the table's lines: for each"
              + " percentage of the multiply-accumulates, 50 or 75, cuts from 8 to 30, 30 to 50 and"
              + " 40 to 60 %% of the run and at once at 50 %%, by uniform and by global allocation;"
              + " lines such as live-50-8-30-uniform.")
  private List<Integer> windows = new ArrayList<>();

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    output.require(epochs > 0, "--epochs must be 1 or more: epochs=%d", epochs);
    ShrinkStudy study = study();
    List<String> settings = new ArrayList<>(List.of("train.epochs=" + epochs));
    settings.addAll(part(study));
    settings.addAll(overrides.values());
    List<ShrinkTrial> trials = ShrinkTrial.of(study, selectedRows(study), seeds.values(), settings);
    DataHome home = output.data();
    trials.stream()
        .filter(trial -> trial.seed() == trials.get(0).seed())
        .forEach(trial -> Objects.requireNonNull(PreparedRun.of(trial.recipe().config(), home)));
    Path out = output.directory();
    try (ResultStore<ShrinkResult> store = ResultStore.open(out, ShrinkResult.class)) {
      for (long seed : trials.stream().map(ShrinkTrial::seed).distinct().toList()) {
        trainInTurns(trials.stream().filter(trial -> trial.seed() == seed).toList(), store, out);
      }
      List<ShrinkResult> results =
          trials.stream().map(trial -> store.find(trial.key()).orElseThrow()).toList();
      output.say("latency in ONNX Runtime …");
      List<ReferencePoint> references = references(study);
      if (results.stream().anyMatch(each -> ShrinkRow.isDense(each.row()))) {
        output.write("trade.svg", ShrinkPicture.svg(study, results, references));
      }
      output.finish(
          ShrinkTable.of(study, results, ShrinkTable.ExportedNetwork.of(trials, out), references),
          results);
    }
    return ExitCode.OK;
  }

  private ShrinkStudy study() {
    List<ShrinkStudy> all = ShrinkStudy.all();
    List<String> names = all.stream().map(ShrinkStudy::network).toList();
    output.require(names.contains(network), "--network must be of %s: network=%s", names, network);
    return all.get(names.indexOf(network));
  }

  /** The setting that holds all but the chosen images out. */
  private List<String> part(ShrinkStudy study) {
    int examples = study.examples();
    if (examples == 0) {
      output.require(
          images.isEmpty(), "--images must be left out for a text: network=%s", study.network());
      return List.of();
    }
    int trained = images.orElse(IMAGES);
    output.require(
        trained > 0 && trained <= examples,
        "--images must be from 1 to %d: images=%d",
        examples,
        trained);
    return List.of("data.validation=" + (1 - (double) trained / examples));
  }

  /** Those that were reached as the runs are trained: with all defaults. */
  private List<ReferencePoint> references(ShrinkStudy study) {
    boolean alike =
        epochs == EPOCHS && images.orElse(IMAGES) == IMAGES && overrides.values().isEmpty();
    return alike ? study.references() : List.of();
  }

  private List<ShrinkRow> selectedRows(ShrinkStudy study) {
    List<Integer> shares = study.windows().keySet().stream().sorted().toList();
    output.require(
        windows.isEmpty() || !shares.isEmpty(),
        "--windows must be left out of a network without lines to compare: network=%s",
        study.network());
    output.require(
        shares.containsAll(windows), "--windows must be of %s: windows=%s", shares, windows);
    List<ShrinkRow> all = windows.isEmpty() ? study.rows() : study.compared(windows);
    List<String> labels = all.stream().map(ShrinkRow::label).toList();
    for (String row : rows) {
      output.require(
          labels.contains(row),
          "--rows must name lines of the table: row=%s; lines are %s",
          row,
          String.join(", ", labels));
    }
    return all.stream().filter(row -> rows.isEmpty() || rows.contains(row.label())).toList();
  }

  /** Trains the unfinished runs of a seed in turns; the run with the fewest turns comes first. */
  private void trainInTurns(List<ShrinkTrial> trials, ResultStore<ShrinkResult> store, Path out)
      throws IOException {
    try (BenchDirectory scratch = BenchDirectory.in(out)) {
      List<ShrinkProcess> contenders = new ArrayList<>();
      for (ShrinkTrial trial : trials) {
        if (store.find(trial.key()).isEmpty()) {
          ShrinkProcess contender = ShrinkProcess.start(trial, trial.directory(out));
          scratch.onClose(contender::close);
          contenders.add(contender);
        }
      }
      while (!contenders.isEmpty()) {
        long least = contenders.stream().mapToLong(ShrinkProcess::turns).min().orElseThrow();
        for (ShrinkProcess contender : List.copyOf(contenders)) {
          if (contender.turns() == least && trainTurn(contender, store)) {
            contenders.remove(contender);
          }
        }
      }
    }
  }

  private boolean trainTurn(ShrinkProcess contender, ResultStore<ShrinkResult> store)
      throws IOException {
    ShrinkTrial trial = contender.trial();
    output.say("seed %d, turn %d: %s …", trial.seed(), contender.turns() + 1, trial.row().label());
    Optional<ShrinkResult.Outcome> outcome = contender.turn();
    if (outcome.isPresent()) {
      store.append(ShrinkResult.of(trial, outcome.get()));
      output.say(
          "%s: %.1f s, accuracy %.2f %%, loss %.3f bits",
          trial.row().label(),
          outcome.get().cost().seconds(),
          100 * outcome.get().accuracy(),
          outcome.get().bits());
    }
    return outcome.isPresent();
  }

  /** The process of one run, which trains on request. Not thread-safe. */
  static final class ShrinkProcess implements AutoCloseable {
    private final ShrinkTrial trial;
    private final Path log;
    private final ChildProcess process;
    private long turns;

    private ShrinkProcess(ShrinkTrial trial, Path log, long turns, ChildProcess process) {
      this.trial = trial;
      this.turns = turns;
      this.log = log;
      this.process = process;
    }

    static ShrinkProcess start(ShrinkTrial trial, Path directory) throws IOException {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(ShrinkWorker.RECIPE), trial.recipe().text());
      Path log = directory.resolve("log.txt");
      return new ShrinkProcess(
          trial,
          log,
          TurnLog.count(directory),
          ChildProcess.worker(
              ShrinkWorker.class,
              List.of(),
              ProcessBuilder.Redirect.to(log.toFile()),
              List.of(directory.toString())));
    }

    ShrinkTrial trial() {
      return trial;
    }

    long turns() {
      return turns;
    }

    Optional<ShrinkResult.Outcome> turn() throws IOException {
      String answer = answer();
      turns++;
      return answer.startsWith(ShrinkWorker.RESULT)
          ? Optional.of(
              Json.LENIENT.readValue(
                  answer.substring(ShrinkWorker.RESULT.length()), ShrinkResult.Outcome.class))
          : Optional.empty();
    }

    private String answer() {
      try {
        return process.ask("go");
      } catch (IOException e) {
        throw new CommandRefusedException(
            "a run must reach its end to give results: run=%s, log=%s".formatted(trial.key(), log));
      }
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
