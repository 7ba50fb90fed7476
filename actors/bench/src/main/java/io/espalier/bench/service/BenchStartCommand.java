package io.espalier.bench.service;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "start",
    description = {
      "Measures the time from the start of an attempt to its first step, in a worker process and"
          + " within the process of 'espalier serve'.",
      "",
      "Two services with homes of their own train runs of one epoch in turns. The first ones, which"
          + " load the engine and write the archive of classes, do not count. Takes two minutes."
    })
final class BenchStartCommand implements Callable<Integer> {
  private static final int WARM_UP = 2;
  private static final double MOST_SECONDS = 3;

  @Option(
      names = "--runs",
      defaultValue = "10",
      description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(runs > 0, "--runs must be 1 or more: runs=%d", runs);
    Path out = output.directory();
    try (BenchDirectory isolated = BenchDirectory.in(out);
        BenchDirectory within = BenchDirectory.in(out)) {
      try (ServiceProcess workers = ServiceProcess.start(isolated, "--isolate");
          ServiceProcess alone = ServiceProcess.start(within, "--no-isolate")) {
        measure(workers, alone);
      } catch (ChildProcess.FailedException e) {
        isolated.keep();
        within.keep();
        throw new CommandRefusedException(String.valueOf(e.getMessage()));
      }
    }
    output.finish();
    return ExitCode.OK;
  }

  private void measure(ServiceProcess workers, ServiceProcess alone)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    List<Double> isolated = new ArrayList<>();
    List<Double> within = new ArrayList<>();
    for (int run = 0; run < WARM_UP + runs; run++) {
      double worker = workers.secondsToFirstStep("run-" + run);
      double here = alone.secondsToFirstStep("run-" + run);
      output.say("run %d: %.2f s in a worker, %.2f s within the service", run, worker, here);
      if (run >= WARM_UP) {
        isolated.add(worker);
        within.add(here);
      } else {
        workers.awaitArchive();
      }
    }
    double added = Measurements.of(isolated).median() - Measurements.of(within).median();
    output.add(
        List.of(
            new Figure("seconds to the first step", "worker", Measurements.of(isolated), basis()),
            new Figure("seconds to the first step", "service", Measurements.of(within), basis()),
            new Figure(
                "seconds that a worker adds",
                "medians",
                Measurements.of(List.of(added)),
                basis(),
                Budget.atMost(MOST_SECONDS))));
  }

  private String basis() {
    return "digits, %d runs".formatted(runs);
  }
}
