package io.espalier.bench.units;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "units",
    description = {
      "Compares units of pruning at one sparsity: what a network reaches, and what a step of it"
          + " takes in plain Java. Trains LeNet-5 and ResNet-20 on a part of Fashion-MNIST, and a"
          + " language model on the bundled text; every layer but the first and the last loses the"
          + " same share, of the multiply-accumulates where channels are cut.",
      "",
      "Once a run is trained, its steps take turns with those of the dense network in plain Java"
          + " and on the engine, each in a process of its own, by processor time. A bench that was"
          + " stopped goes on after the last run that ended. The table is DIR/table.md, the same"
          + " figures DIR/results.json, pictures DIR/units-NETWORK.svg. Linux only."
    })
public final class BenchUnitsCommand implements Callable<Integer> {
  @Option(
      names = "--network",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-5,resnet-20,char-lm",
      description = "Networks to train (default: ${DEFAULT-VALUE}).")
  private List<String> networks = List.of();

  @Option(
      names = "--units",
      split = ",",
      paramLabel = "UNIT",
      defaultValue = "weight,block 8x1,block 16x1,block 32x1,2:4,row,channel",
      description =
          "Values of prune.granularity (default: ${DEFAULT-VALUE}); beside N:M stand weights of"
              + " the same sparsity.")
  private List<String> units = List.of();

  @Option(
      names = "--sparsity",
      paramLabel = "PERCENT",
      defaultValue = "80",
      description = "Of all units but N:M, from 1 to 99 (default: ${DEFAULT-VALUE}).")
  private int sparsity;

  @Mixin private SeedOption seeds = new SeedOption(3);

  @Option(
      names = "--epochs",
      description = "Length of a run (default: 6, of the language model 4).")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--images",
      defaultValue = "15000",
      description =
          "Training examples, of the 60,000 of Fashion-MNIST (default: ${DEFAULT-VALUE}).")
  private int images;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Turns in which steps are timed (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "Seconds of steps before a network is timed (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    output.require(epochs.orElse(1) > 0, "--epochs must be 1 or more: epochs=%s", epochs.orElse(0));
    output.require(
        sparsity > 0 && sparsity < 100, "--sparsity must be from 1 to 99: sparsity=%d", sparsity);
    output.require(rounds > 0, "--rounds must be 1 or more: rounds=%d", rounds);
    output.require(
        warmUp >= 0 && Double.isFinite(warmUp), "--warm-up must be 0 or more: seconds=%s", warmUp);
    List<UnitStudy> studies = networks.stream().map(this::study).toList();
    DataHome home = output.data();
    List<List<UnitTrial>> trials = studies.stream().map(this::trials).toList();
    trials.stream()
        .flatMap(List::stream)
        .filter(trial -> trial.seed() == seeds.values().get(0))
        .forEach(trial -> Objects.requireNonNull(PreparedRun.of(trial.recipe().config(), home)));
    Path out = output.directory();
    List<UnitResult> results = new ArrayList<>();
    try (ResultStore<UnitResult> store = ResultStore.open(out, UnitResult.class)) {
      for (int i = 0; i < studies.size(); i++) {
        measure(trials.get(i), store, out);
        List<UnitResult> own =
            trials.get(i).stream().map(trial -> store.find(key(trial)).orElseThrow()).toList();
        UnitStudy study = studies.get(i);
        output.write(
            "units-" + study.network() + ".svg", UnitPicture.svg(study, UnitPoint.of(own)));
        results.addAll(own);
      }
    }
    output.finish(UnitTable.of(studies, results), results);
    return ExitCode.OK;
  }

  private UnitStudy study(String network) {
    List<UnitStudy> all = UnitStudy.all();
    List<String> names = all.stream().map(UnitStudy::network).toList();
    output.require(names.contains(network), "--network must be of %s: network=%s", names, network);
    return all.get(names.indexOf(network));
  }

  private List<UnitTrial> trials(UnitStudy study) {
    List<String> settings =
        new ArrayList<>(List.of("train.epochs=" + epochs.orElse(study.epochs())));
    if (!study.isText()) {
      output.require(
          images > 0 && images <= study.examples(),
          "--images must be from 1 to %d: images=%d",
          study.examples(),
          images);
      settings.add("data.validation=" + (1 - (double) images / study.examples()));
    }
    settings.addAll(overrides.values());
    return UnitTrial.of(study, UnitRow.of(study, units, sparsity), seeds.values(), settings);
  }

  private String key(UnitTrial trial) {
    return trial.key("rounds=%d,warm-up=%s".formatted(rounds, warmUp));
  }

  /** Trains and times the unfinished runs of a network one after the other. */
  private void measure(List<UnitTrial> trials, ResultStore<UnitResult> store, Path out)
      throws IOException {
    List<UnitTrial> open =
        trials.stream().filter(trial -> store.find(key(trial)).isEmpty()).toList();
    if (open.isEmpty()) {
      return;
    }
    try (BenchDirectory scratch = BenchDirectory.in(out);
        UnitProcess engine = dense(trials, UnitRow.DENSE_ENGINE, scratch);
        UnitProcess java = dense(trials, UnitRow.DENSE_JAVA, scratch)) {
      scratch.onClose(engine::close);
      scratch.onClose(java::close);
      for (UnitTrial trial : open) {
        output.say("%s, %s, seed %d …", trial.network(), trial.row().label(), trial.seed());
        UnitResult result = measure(trial, java, engine, out.resolve("runs"), scratch);
        store.append(result);
        output.say(
            "%s: %.2f %s, step %.2f of dense Java, %.2f of the engine",
            trial.row().label(),
            result.outcome().quality(),
            trial.study().isText() ? "bits" : "%",
            result.toDenseJava(),
            result.toDenseEngine());
      }
    }
  }

  private UnitProcess dense(List<UnitTrial> trials, String label, BenchDirectory scratch)
      throws IOException {
    UnitTrial trial =
        trials.stream().filter(each -> each.row().label().equals(label)).findFirst().orElseThrow();
    UnitProcess process = UnitProcess.start(trial, scratch.run(label.replaceAll("[^a-z]+", "-")));
    process.warmUp(warmUp);
    return process;
  }

  private UnitResult measure(
      UnitTrial trial, UnitProcess java, UnitProcess engine, Path runs, BenchDirectory scratch)
      throws IOException {
    try (UnitProcess subject = UnitProcess.start(trial, runs.resolve(key(trial)))) {
      scratch.onClose(subject::close);
      UnitOutcome outcome = subject.train();
      subject.warmUp(warmUp);
      List<List<Double>> seconds = Stream.<List<Double>>generate(ArrayList::new).limit(3).toList();
      for (int round = 0; round < rounds; round++) {
        seconds.get(0).add(subject.stepSeconds());
        seconds.get(1).add(java.stepSeconds());
        seconds.get(2).add(engine.stepSeconds());
      }
      return new UnitResult(
          key(trial),
          trial.network(),
          trial.row().label(),
          trial.seed(),
          outcome,
          seconds.get(0),
          seconds.get(1),
          seconds.get(2),
          CodeVersion.current());
    }
  }
}
