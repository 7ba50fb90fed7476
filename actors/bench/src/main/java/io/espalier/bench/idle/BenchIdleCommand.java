package io.espalier.bench.idle;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.CleanupStack;
import io.espalier.bench.harness.FailedProcessException;
import io.espalier.bench.harness.FigureReport;
import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench idle}: what a service without a run takes of a core and of memory. */
@Command(
    name = "idle",
    description = {
      "Measure CPU and resident memory of 'espalier serve' with nothing to do: before its first"
          + " run, after a short one has ended, and with a paused run and one listener to its"
          + " events.",
      "",
      "Each has a process and a home of its own. The threads that take most are named beside the"
          + " figures. Takes about six minutes; one that was stopped goes on. Linux only."
    })
public final class BenchIdleCommand implements Callable<Integer> {
  private static final int PARTS = 6;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "Length of each measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--settle",
      defaultValue = "30",
      description = "Seconds from ready to the measurement (default: ${DEFAULT-VALUE}).")
  private int settle;

  @Option(names = "--json", description = "Print the figures as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/idle).")
  private Path out = Path.of("bench", "idle");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < PARTS || settle < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds must be %d or more, --settle 0 or more: seconds=%d, settle=%d"
              .formatted(PARTS, seconds, settle));
    }
    FigureReport report = new FigureReport(spec, json, out);
    try (ResultStore<IdleResult> results = ResultStore.open(out, IdleResult.class);
        CleanupStack cleanup = CleanupStack.start()) {
      for (IdleScenario situation : IdleScenario.values()) {
        Optional<IdleResult> known =
            Optional.ofNullable(results.results().get(IdleResult.key(situation, seconds)));
        report.add(
            (known.isPresent() ? known.get() : measured(situation, report, cleanup, results))
                .figures());
      }
    }
    report.finish();
    Files.delete(out.resolve("results.jsonl"));
    return ExitCode.OK;
  }

  private IdleResult measured(
      IdleScenario situation,
      FigureReport report,
      CleanupStack cleanup,
      ResultStore<IdleResult> results)
      throws IOException, InterruptedException {
    report.say("%s: %d s …", situation.text(), settle + seconds);
    BenchDirectory scratch = BenchDirectory.in(out);
    cleanup.add(scratch::remove);
    try (ServiceProcess service =
        ServiceProcess.start(
            spec.root().userObject().getClass().getName(), scratch.home(), scratch.log("serve"))) {
      cleanup.add(service::close);
      service.enter(situation);
      Thread.sleep(1000L * settle);
      IdleResult result = measured(situation, service);
      results.append(result);
      return result;
    } catch (FailedProcessException e) {
      scratch.keep();
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private IdleResult measured(IdleScenario situation, ServiceProcess service)
      throws IOException, InterruptedException {
    List<Double> shares = new ArrayList<>();
    ProcessUse first = service.look();
    ProcessUse last = first;
    long firstNs = System.nanoTime();
    long lastNs = firstNs;
    for (int part = 0; part < PARTS; part++) {
      Thread.sleep(1000L * seconds / PARTS);
      ProcessUse now = service.look();
      long nowNs = System.nanoTime();
      shares.add(now.cpuSince(last, (nowNs - lastNs) / 1e9));
      last = now;
      lastNs = nowNs;
    }
    return new IdleResult(
        situation,
        seconds,
        shares,
        last.residentBytes(),
        last.threads(),
        last.busiestSince(first, (lastNs - firstNs) / 1e9, PARTS));
  }
}
