package io.espalier.bench.service;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.BrokerWorker;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "telemetry",
    description = {
      "Measures how many metric points a second come from the outbox over Kafka to a consumer, and"
          + " what telemetry costs runs of LeNet-300-100 and LeNet-5 while they train, with an"
          + " event for each sync and five mask updates in 468 steps.",
      "",
      "The broker has a process of its own, whose work is not counted. Takes about two minutes."
    })
final class BenchTelemetryCommand implements Callable<Integer> {
  private static final int STEPS_PER_ROUND = 200_000;
  private static final String RECIPE =
      """
      name = telemetry-bench, seed = 1
      data { kind = fashion-mnist, batch-size = 128 }
      model = %s
      train { epochs = %d, sync-every = %d, learning-rate { kind = constant, initial = 0.01 } }
      prune { schedule { kind = cubic, begin = 10%%, end = 80%%, updates = %d } }
      """;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Measured rounds of each figure (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(rounds > 0, "--rounds must be 1 or more: rounds=%d", rounds);
    try (BenchDirectory scratch = BenchDirectory.in(output.directory())) {
      BrokerWorker.Started broker = BrokerWorker.start(scratch.home());
      scratch.onClose(broker::close);
      Throughput throughput = new Throughput(scratch.root(), broker.access(), STEPS_PER_ROUND);
      for (int stepsPerEvent : new int[] {1, 16}) {
        output.say("%,d steps, %d to an event …", STEPS_PER_ROUND, stepsPerEvent);
        output.add(List.of(throughput.measure(stepsPerEvent, rounds)));
      }
      output.say("runs of LeNet-300-100, then of LeNet-5 …");
      for (PreparedRun run :
          List.of(
              prepared("lenet-300-100", 4, 16),
              prepared("lenet-300-100", 4, 64),
              prepared("lenet-5", 1, 16))) {
        output.add(
            List.of(new TelemetryCost(run, scratch.root(), broker.access()).measure(rounds)));
      }
    }
    output.finish();
    return ExitCode.OK;
  }

  private PreparedRun prepared(String network, int epochs, int syncEvery) {
    return PreparedRun.of(
        new RecipeLoader()
            .parse(
                "telemetry bench",
                RECIPE.formatted(network, epochs, syncEvery, 5 * epochs),
                overrides.values())
            .config(),
        DataHome.of(EspalierHome.path()));
  }
}
