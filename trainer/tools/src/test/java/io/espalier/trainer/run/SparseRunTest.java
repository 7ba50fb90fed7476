package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs that compute with kept weights only, from their first step or from a sync on. */
class SparseRunTest {
  private static final String RECIPE =
      """
      name = sparse, seed = 5
      data { kind = digits, batch-size = 32, validation = 10% }
      train { epochs = 6, trainers = 2, sync-every = 5, evaluate-every = 1 epoch }
      prune { sparsity = 80%, schedule { kind = cubic, begin = 10%, end = 50%, updates = 5 } }
      """;
  private static final String MLP = "model { kind = mlp, hidden = [32, 16] }\n";
  private static final String RESNET = "model { kind = resnet-8, width = 4 }\n";
  private static final String SPARSE = "train.execution = java\n";

  private static PreparedRun run(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("sparse.conf", RECIPE + more, List.of()).config());
  }

  private static FinishedRun trained(PreparedRun run) {
    return TrainingLoop.run(run, LoopListener.NONE);
  }

  private static Map<Long, SyncOutcome> syncs(PreparedRun run) {
    Map<Long, SyncOutcome> syncs = new TreeMap<>();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void synced(SyncOutcome outcome) {
            syncs.put(outcome.committed().step(), outcome);
          }
        });
    return syncs;
  }

  /** Sums differ in their order, so networks differ by less than another seed makes them. */
  @ParameterizedTest
  @ValueSource(strings = {MLP, RESNET})
  void run_sparseFromTheFirstStep_reachesTheAccuracyOfTheEngine(String model) {
    FinishedRun engine = trained(run(model));

    FinishedRun sparse = trained(run(model + SPARSE));

    assertThat(sparse.committed().masks().masks().kept())
        .isEqualTo(engine.committed().masks().masks().kept());
    assertThat(sparse.test().accuracy()).isCloseTo(engine.test().accuracy(), within(0.03));
    assertThat(sparse.committed().digest()).isNotEqualTo(engine.committed().digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune { score = random, schedule = constant, regrowth { kind = set, every = 10 } }",
        "prune { score = random, schedule = constant, regrowth { kind = rigl, every = 10 } }",
        "prune.score = taylor",
        "prune.score = wanda",
        "prune { score = snip, schedule = one-shot }",
        "prune.granularity = \"2:4\", prune.sparsity = 50%",
      })
  void run_ofEachWayToPrune_isRepeatable_andLearnsAsOnTheEngine(String more) {
    PreparedRun run = run(MLP + SPARSE + more);
    FinishedRun first = trained(run);

    FinishedRun second = trained(run);

    assertThat(second.committed().digest()).isEqualTo(first.committed().digest());
    assertThat(first.committed().masks().masks().sparsity())
        .isCloseTo(run.config().prune().target().sparsity(), within(0.01));
    assertThat(first.test().accuracy())
        .isCloseTo(trained(run(MLP + more)).test().accuracy(), within(0.05));
  }

  @Test
  void run_thatBecomesSparse_hasTheBitsOfTheEngineBefore_andResumesToItsOwnAfter() {
    PreparedRun engine = run(RESNET);
    PreparedRun switching = engine.sparseFrom(60);
    Map<Long, SyncOutcome> expected = syncs(engine);
    Map<Long, SyncOutcome> found = syncs(switching);
    for (long step : found.keySet()) {
      assertThat(digest(found, step).equals(digest(expected, step)))
          .as("step %d", step)
          .isEqualTo(step <= 60);
    }
    String end = trained(switching).committed().digest();

    List<String> ends = new ArrayList<>();
    for (long step : List.of(55L, 60L, 65L)) {
      Committed from = Objects.requireNonNull(found.get(step)).committed();
      ends.add(
          TrainingLoop.resume(switching, from, new Traffic(0, 0), LoopListener.NONE)
              .committed()
              .digest());
    }

    assertThat(ends).containsOnly(end);
  }

  private static String digest(Map<Long, SyncOutcome> syncs, long step) {
    return Objects.requireNonNull(syncs.get(step)).committed().digest();
  }
}
