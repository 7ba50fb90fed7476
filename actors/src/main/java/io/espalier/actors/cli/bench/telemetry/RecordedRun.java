package io.espalier.actors.cli.bench.telemetry;

import io.espalier.actors.run.RunDirectory;
import io.espalier.actors.run.RunResult;
import io.espalier.actors.run.RunSession;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.StepOutcome;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The events of a real run.
 *
 * @param steps of one trainer
 * @param trainerSeconds CPU time of the one trainer's steps
 */
record RecordedRun(String network, List<Event> events, long steps, double trainerSeconds) {
  private static final String RECIPE =
      """
      name = telemetry-bench, seed = 1
      data { kind = fashion-mnist, batch-size = 128 }
      model = %s
      train { epochs = %d, learning-rate { kind = constant, initial = 0.01 } }
      prune { schedule { kind = cubic, begin = 10%%, end = 80%%, updates = 20 } }
      """;

  /** Trains for {@code epochs}, syncs and tells as recipes do that say nothing of it. */
  static RecordedRun of(
      String network,
      int epochs,
      List<String> overrides,
      Path directory,
      Path home,
      BrokerAccess broker)
      throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader().parse("telemetry bench", RECIPE.formatted(network, epochs), overrides);
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(home));
    List<Event> events = new CopyOnWriteArrayList<>();
    try (RunDirectory out =
            RunDirectory.create(directory.resolve("run-" + network), recipe.text());
        RunSession session =
            RunSession.start(
                new RunSession.Request(
                    run,
                    recipe.text(),
                    out,
                    directory,
                    Optional.of(broker),
                    events::add,
                    notice -> {},
                    warning -> {}))) {
      RunResult result = session.await();
      if (!(result instanceof RunResult.Finished)) {
        throw new IllegalStateException("a measured run must reach its end: " + result);
      }
    }
    StepCpu cpu = new StepCpu();
    TrainingLoop.run(run, cpu);
    return new RecordedRun(network, List.copyOf(events), run.plan().totalSteps(), cpu.seconds);
  }

  /** CPU time of the steps of a loop in the calling thread; syncs and evaluations left out. */
  private static final class StepCpu implements LoopListener {
    private double markSeconds = ThreadCpu.ownSeconds();
    private double seconds;

    @Override
    public void stepped(int trainer, StepOutcome outcome) {
      double now = ThreadCpu.ownSeconds();
      seconds += now - markSeconds;
      markSeconds = now;
    }

    @Override
    public void committed(SyncOutcome outcome, Traffic traffic) {
      markSeconds = ThreadCpu.ownSeconds();
    }
  }
}
