package io.espalier.bench.memory;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.FigureReport;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.RatioBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench memory}: whether memory stays flat, and what masks add to its peak. */
@Command(
    name = "memory",
    description = {
      "Measure resident memory of training: over many steps of LeNet-300-100 under each mask kind,"
          + " and the peak of a large MLP with hard masks against the same one dense.",
      "",
      "Each run has a process of its own. Linux only."
    })
public final class BenchMemoryCommand implements Callable<Integer> {
  private static final String LARGE = "{ kind = mlp, hidden = [4096, 4096] }";
  private static final String LARGE_NAME = "mlp 4096-4096";
  private static final int LARGE_STEPS = 40;

  @Spec private CommandSpec spec;

  @Option(
      names = "--steps",
      defaultValue = "10000",
      description = "Steps over which memory must stay flat (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, such as -D data.batch-size=128.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print the figures as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/memory).")
  private Path out = Path.of("bench", "memory");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (steps < 100) {
      throw new ParameterException(
          spec.commandLine(), "--steps must be 100 or more: steps=" + steps);
    }
    FigureReport report = new FigureReport(spec, json, out);
    for (String mask : List.of("dense", "hard", "soft", "annealed")) {
      report.say("%,d steps, %s …", steps, mask);
      report.add(List.of(flatness(mask)));
    }
    report.say("peaks of %s …", LARGE_NAME);
    report.add(List.of(peak(1), peak(2)));
    report.finish();
    return ExitCode.OK;
  }

  /** Memory of the second half of the samples against that of the second quarter. */
  private Figure flatness(String mask) throws IOException, InterruptedException {
    MemoryTrace trace = MemoryTrace.ofProcess("lenet-300-100", mask, 1, steps, overrides);
    List<Double> residents = trace.residents().stream().map(Long::doubleValue).toList();
    int samples = residents.size();
    double early = Measurements.of(residents.subList(samples / 4, samples / 2)).median();
    List<Double> late = new ArrayList<>();
    residents.subList(samples / 2, samples).forEach(resident -> late.add(resident / early));
    return new Figure(
        "resident memory in the second half of %,d steps / before, %s".formatted(steps, mask),
        "lenet-300-100",
        Measurements.of(late),
        String.format(
            Locale.ROOT, "%.0f MB, then %.0f MB", early / 1e6, residents.get(samples - 1) / 1e6),
        Optional.of(RatioBudget.atMost(1.02)));
  }

  private Figure peak(int trainers) throws IOException, InterruptedException {
    MemoryTrace dense = MemoryTrace.ofProcess(LARGE, "dense", trainers, LARGE_STEPS, overrides);
    MemoryTrace hard = MemoryTrace.ofProcess(LARGE, "hard", trainers, LARGE_STEPS, overrides);
    return new Figure(
        "peak resident memory, hard / dense, trainers=" + trainers,
        LARGE_NAME,
        Measurements.of(List.of((double) hard.peak() / dense.peak())),
        String.format(Locale.ROOT, "%.0f MB / %.0f MB", hard.peak() / 1e6, dense.peak() / 1e6),
        Optional.of(RatioBudget.atMost(1.10)));
  }
}
