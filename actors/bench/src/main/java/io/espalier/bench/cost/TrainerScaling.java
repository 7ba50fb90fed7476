package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.UnrecordedRun;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.CloseHelper;

/**
 * What two trainers under actors reach of two loops that do not know of each other: one engine
 * thread each, syncs over Aeron, no broker, no files.
 */
final class TrainerScaling {
  private static final int TRAINERS = 2;
  private static final Budget BUDGET = Budget.atLeast(0.90);

  private TrainerScaling() {}

  static List<Figure> measure(BenchRecipe recipe, int syncEvery, double seconds, int rounds)
      throws IOException, InterruptedException {
    PreparedRun sample = run(recipe, syncEvery, 1);
    int steps = steps(sample, syncEvery, seconds);
    int epochs = (int) (2L * steps / sample.plan().stepsPerEpoch() + 1);
    PreparedRun run = run(recipe, syncEvery, epochs);
    List<Double> together = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> single = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      alone.add(independent(run, steps, TRAINERS));
      together.add(UnrecordedRun.stepsPerSecond(run));
      single.add(independent(run, steps, 1));
    }
    String name = recipe.network() + ", sync every " + syncEvery;
    int batch = run.config().stepExamples();
    String basis =
        String.format(
            Locale.ROOT,
            "%.0f / %.0f samples/s; one trainer %.0f",
            TRAINERS * batch * Measurements.of(together).median(),
            TRAINERS * batch * Measurements.of(alone).median(),
            batch * Measurements.of(single).median());
    return List.of(
        new Figure(
            "two trainers / two independent loops",
            name,
            Measurements.ofRatios(together, alone),
            basis,
            BUDGET),
        new Figure(
            "two trainers / one loop",
            name,
            Measurements.ofRatios(together.stream().map(each -> TRAINERS * each).toList(), single),
            ""));
  }

  private static PreparedRun run(BenchRecipe recipe, int syncEvery, int epochs) {
    return recipe.with(
        "train.trainers=" + TRAINERS, "train.sync-every=" + syncEvery, "train.epochs=" + epochs);
  }

  private static int steps(PreparedRun run, int syncEvery, double seconds) {
    try (TimedReplica subject = new TimedReplica(run)) {
      subject.stepSeconds(3);
      return Math.max(4 * syncEvery, (int) (seconds / subject.stepSeconds(5)));
    }
  }

  private static double independent(PreparedRun run, int steps, int loops)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(loops);
    List<TimedReplica> subjects = new ArrayList<>();
    try {
      for (int k = 0; k < loops; k++) {
        subjects.add(new TimedReplica(run));
      }
      subjects.forEach(subject -> subject.stepSeconds(3));
      List<Callable<Double>> work = new ArrayList<>();
      subjects.forEach(subject -> work.add(() -> subject.stepSeconds(steps)));
      double seconds = 0;
      for (Future<Double> finished : threads.invokeAll(work)) {
        seconds += finished.get();
      }
      return loops / seconds;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a loop failed: " + e.getCause(), e);
    } finally {
      threads.shutdown();
      CloseHelper.closeAll(subjects);
    }
  }
}
