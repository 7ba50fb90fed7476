package io.espalier.actors.cli.bench.telemetry;

import io.espalier.actors.cli.bench.figure.FigureReport;
import io.espalier.actors.cli.host.EspalierHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.agrona.IoUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench telemetry}: what telemetry carries, and what it costs a run. */
@Command(
    name = "telemetry",
    description = {
      "Measure how many metric points a second come from the outbox over Kafka to a consumer, and"
          + " what telemetry costs runs of LeNet-300-100 and LeNet-5 at their own event rates.",
      "",
      "The broker has a process of its own, whose work is not counted. Takes about two minutes."
    })
public final class BenchTelemetryCommand implements Callable<Integer> {
  private static final int STEPS_PER_ROUND = 200_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Measured rounds of each figure (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the runs' recipe, such as -D train.sync-every=1.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print the figures as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/telemetry).")
  private Path out = Path.of("bench", "telemetry");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds must be 1 or more: rounds=" + rounds);
    }
    FigureReport report = new FigureReport(spec, json, out);
    Path scratch = Files.createTempDirectory(out, "scratch");
    try (BrokerWorker.Started broker = BrokerWorker.start(scratch)) {
      Throughput throughput = new Throughput(scratch, broker.access(), STEPS_PER_ROUND);
      for (int stepsPerEvent : new int[] {1, 16}) {
        report.say("%,d steps, %d to an event …", STEPS_PER_ROUND, stepsPerEvent);
        report.add(List.of(throughput.measure(stepsPerEvent, rounds)));
      }
      for (String network : List.of("lenet-300-100", "lenet-5")) {
        report.say("a run of %s …", network);
        RecordedRun run =
            RecordedRun.of(network, 2, overrides, scratch, EspalierHome.path(), broker.access());
        report.add(List.of(RunCost.measure(run, scratch, broker.access(), rounds)));
      }
    } finally {
      IoUtil.delete(scratch.toFile(), true);
    }
    report.finish();
    return ExitCode.OK;
  }
}
