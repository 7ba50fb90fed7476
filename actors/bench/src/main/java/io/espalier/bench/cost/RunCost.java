package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.configs.file.EspalierHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whole runs of {@code espalier train} in plain Java and on the engine, in turns, each in a process
 * of its own: time from start to end, start of Java and events included, and peak resident memory.
 */
final class RunCost {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String SPARSITY = "prune.sparsity=95%";
  private static final double MEMORY_BOUND = 0.4;
  private static final String WIDE = "[4096, 4096]";
  private static final String NARROW = "[16, 16]";

  private final BenchDirectory directory;
  private final List<String> overrides;
  private int started;

  private RunCost(BenchDirectory directory, List<String> overrides) {
    this.directory = directory;
    this.overrides = overrides;
  }

  /** Runs in {@code directory} that take the data of this process's home. */
  static RunCost in(BenchDirectory directory, List<String> overrides) throws IOException {
    Path data = Files.createDirectories(EspalierHome.path().resolve("data"));
    Files.createSymbolicLink(directory.home().resolve("data"), data.toAbsolutePath());
    return new RunCost(directory, overrides);
  }

  /** Time of a network's runs, as a share of the engine's. */
  List<Figure> times(String network, int rounds)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    List<Figure> figures = new ArrayList<>();
    for (TimedRun each : TimedRun.of(network)) {
      List<Double> engine = new ArrayList<>();
      List<Double> measured = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        engine.add(seconds(each.recipe(), each.engine()));
        measured.add(seconds(each.recipe(), each.measured()));
      }
      figures.add(
          new Figure(
              each.figure(),
              network,
              Measurements.ofRatios(measured, engine),
              String.format(
                  Locale.ROOT,
                  "%.1f s / %.1f s",
                  Measurements.of(measured).median(),
                  Measurements.of(engine).median()),
              Budget.atMost(each.bound())));
    }
    return figures;
  }

  /** What a wide network takes beyond a narrow one, sparse from the first step against dense. */
  Figure memory(int rounds) throws IOException, InterruptedException, ChildProcess.FailedException {
    List<Double> dense = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      dense.add(
          peak(WIDE, "prune.sparsity=0", "train.execution=engine")
              - peak(NARROW, "prune.sparsity=0", "train.execution=engine"));
      kept.add(
          peak(WIDE, SPARSITY, "train.execution=java")
              - peak(NARROW, SPARSITY, "train.execution=java"));
    }
    return new Figure(
        "peak memory of a run beyond hidden = %s, 95%% sparse / dense".formatted(NARROW),
        "hidden = " + WIDE,
        Measurements.ofRatios(kept, dense),
        String.format(
            Locale.ROOT,
            "%.0f MB / %.0f MB",
            Measurements.of(kept).median() / 1e6,
            Measurements.of(dense).median() / 1e6),
        Budget.atMost(MEMORY_BOUND));
  }

  private double seconds(String recipe, List<String> settings)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    try (ChildProcess process = start(recipe, settings)) {
      return process.await(LIMIT).seconds();
    }
  }

  private double peak(String hidden, String sparsity, String execution)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    String model = "model={kind=mlp,hidden=%s}".formatted(hidden);
    try (ChildProcess process =
        start("random", List.of("data=digits", model, sparsity, execution))) {
      return process.peakUntilEnd(LIMIT);
    }
  }

  private ChildProcess start(String recipe, List<String> settings) throws IOException {
    String name = "run-%d".formatted(++started);
    List<String> arguments = new ArrayList<>(List.of("train", recipe));
    Stream.concat(settings.stream(), overrides.stream())
        .forEach(setting -> arguments.addAll(List.of("-D", setting)));
    arguments.addAll(List.of("--out", directory.run(name).toString()));
    return ChildProcess.espalier(directory, name, List.of(), arguments);
  }
}
