package io.espalier.bench.telemetry;

import io.espalier.bench.harness.BrokerWorker;
import io.espalier.bench.harness.CleanupStack;
import io.espalier.bench.harness.FigureReport;
import io.espalier.cli.console.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
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
          + " what telemetry costs runs of LeNet-300-100 and LeNet-5 while they train, with an event"
          + " for each sync and five mask updates in 468 steps.",
      "",
      "The broker has a process of its own, whose work is not counted. Takes about two minutes."
    })
public final class BenchTelemetryCommand implements Callable<Integer> {
  private static final int STEPS_PER_ROUND = 200_000;
  private static final String RECIPE =
      """
      name = telemetry-bench, seed = 1
      data { kind = fashion-mnist, batch-size = 128 }
      model = %s
      train { epochs = %d, sync-every = %d, learning-rate { kind = constant, initial = 0.01 } }
      prune { schedule { kind = cubic, begin = 10%%, end = 80%%, updates = %d } }
      """;

  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      defaultValue = "3",
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
    try (CleanupStack cleanup = CleanupStack.start()) {
      Path scratch = Files.createTempDirectory(out, "scratch-");
      cleanup.add(() -> IoUtil.delete(scratch.toFile(), true));
      BrokerWorker.Started broker = BrokerWorker.start(scratch);
      cleanup.add(broker::close);
      Throughput throughput = new Throughput(scratch, broker.access(), STEPS_PER_ROUND);
      for (int stepsPerEvent : new int[] {1, 16}) {
        report.say("%,d steps, %d to an event …", STEPS_PER_ROUND, stepsPerEvent);
        report.add(List.of(throughput.measure(stepsPerEvent, rounds)));
      }
      report.say("runs of LeNet-300-100, then of LeNet-5 …");
      for (PreparedRun run :
          List.of(
              prepared("lenet-300-100", 4, 16),
              prepared("lenet-300-100", 4, 64),
              prepared("lenet-5", 1, 16))) {
        report.add(List.of(new RunCost(run, scratch, broker.access()).measure(rounds)));
      }
    }
    report.finish();
    return ExitCode.OK;
  }

  private PreparedRun prepared(String network, int epochs, int syncEvery) {
    return PreparedRun.of(
        new RecipeLoader()
            .parse(
                "telemetry bench",
                RECIPE.formatted(network, epochs, syncEvery, 5 * epochs),
                overrides)
            .config(),
        DataHome.of(EspalierHome.path()));
  }
}
