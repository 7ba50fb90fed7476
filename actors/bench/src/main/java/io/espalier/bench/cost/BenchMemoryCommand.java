package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.cli.console.RecipeOverrides;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "memory",
    description = {
      "Measures resident memory of training: over many steps of LeNet-300-100 under each mask kind,"
          + " and the peak of a large MLP with hard masks against the same one dense.",
      "",
      "Each run has a process of its own. Linux only."
    })
final class BenchMemoryCommand implements Callable<Integer> {
  private static final String LARGE = "{ kind = mlp, hidden = [4096, 4096] }";
  private static final String LARGE_NAME = "mlp 4096-4096";
  private static final int LARGE_STEPS = 40;

  @Option(
      names = "--steps",
      defaultValue = "10000",
      description = "Steps over which memory must stay flat (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(steps >= 100, "--steps must be 100 or more: steps=%d", steps);
    output.directory();
    for (String mask : List.of("dense", "hard", "soft", "annealed")) {
      output.say("%,d steps, %s …", steps, mask);
      output.add(List.of(flatness(mask)));
    }
    output.say("peaks of %s …", LARGE_NAME);
    output.add(List.of(peak(1), peak(2)));
    output.finish();
    return ExitCode.OK;
  }

  /** Memory of the second half of the samples against that of the second quarter. */
  private Figure flatness(String mask) throws IOException, InterruptedException {
    MemoryTrace trace = MemoryTrace.ofProcess("lenet-300-100", mask, 1, steps, overrides.values());
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
        Budget.atMost(1.02));
  }

  private Figure peak(int trainers) throws IOException, InterruptedException {
    MemoryTrace dense =
        MemoryTrace.ofProcess(LARGE, "dense", trainers, LARGE_STEPS, overrides.values());
    MemoryTrace hard =
        MemoryTrace.ofProcess(LARGE, "hard", trainers, LARGE_STEPS, overrides.values());
    return new Figure(
        "peak resident memory, hard / dense, trainers=" + trainers,
        LARGE_NAME,
        Measurements.of(List.of((double) hard.peak() / dense.peak())),
        String.format(Locale.ROOT, "%.0f MB / %.0f MB", hard.peak() / 1e6, dense.peak() / 1e6),
        Budget.atMost(1.10));
  }
}
