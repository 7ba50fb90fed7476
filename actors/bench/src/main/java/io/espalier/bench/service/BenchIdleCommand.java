package io.espalier.bench.service;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.ResultStore;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "idle",
    description = {
      "Measures CPU and resident memory of 'espalier serve' with nothing to do: before its first"
          + " run, after a short one has ended, and with a paused run and one listener to its"
          + " events.",
      "",
      "Each has a process and a home of its own. The threads that take most are named beside the"
          + " figures. Takes about six minutes; one that was stopped goes on. Linux only."
    })
final class BenchIdleCommand implements Callable<Integer> {
  private static final int PARTS = 6;

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

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(
        seconds >= PARTS && settle >= 0,
        "--seconds must be %d or more, --settle 0 or more: seconds=%d, settle=%d",
        PARTS,
        seconds,
        settle);
    Path out = output.directory();
    try (ResultStore<IdleResult> results = ResultStore.open(out, IdleResult.class)) {
      for (IdleResult.Scenario scenario : IdleResult.Scenario.values()) {
        Optional<IdleResult> known = results.find(IdleResult.key(scenario, seconds));
        IdleResult result = known.isPresent() ? known.get() : measured(scenario, out);
        if (known.isEmpty()) {
          results.append(result);
        }
        output.add(result.figures());
      }
    }
    output.finish();
    Files.delete(out.resolve("results.jsonl"));
    return ExitCode.OK;
  }

  private IdleResult measured(IdleResult.Scenario scenario, Path out)
      throws IOException, InterruptedException {
    output.say("%s: %d s …", scenario.text(), settle + seconds);
    try (BenchDirectory scratch = BenchDirectory.in(out)) {
      try (ServiceProcess service = ServiceProcess.start(scratch)) {
        service.enter(scenario);
        Thread.sleep(1000L * settle);
        return measured(scenario, service);
      } catch (ChildProcess.FailedException e) {
        scratch.keep();
        throw new CommandRefusedException(String.valueOf(e.getMessage()));
      }
    }
  }

  private IdleResult measured(IdleResult.Scenario scenario, ServiceProcess service)
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
        scenario,
        seconds,
        shares,
        last.residentBytes(),
        last.threads(),
        last.busiestSince(first, (lastNs - firstNs) / 1e9, PARTS));
  }
}
