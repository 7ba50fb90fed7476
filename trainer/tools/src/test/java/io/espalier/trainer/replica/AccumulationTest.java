package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that take the mean gradient of several passes. */
class AccumulationTest {
  private static final String RECIPE =
      """
      name = accumulated, seed = 7
      data { kind = digits }
      model { kind = mlp, hidden = [24, 16] }
      train { epochs = 1, trainers = 2, sync-every = 3, learning-rate { kind = constant, initial = 0.02 } }
      prune { sparsity = 70%, schedule { kind = cubic, begin = 10%, end = 60%, updates = 3 } }
      """;
  private static final String ONCE = "\ndata.batch-size = 48";
  private static final String IN_FOUR = "\ndata.batch-size = 12, train.accumulate = 4";
  private static final String IN_UNEQUAL = "\ndata.batch-size = 36, train.accumulate = 2";

  private static PreparedRun prepare(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("accumulated.conf", RECIPE + more, List.of()).config());
  }

  private static Committed train(String more) {
    return TrainingLoop.run(prepare(more), LoopListener.NONE).committed();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "engine | train.clip-norm = 1",
        "java   | train.clip-norm = 1",
        "engine | train.rules = [sam], train.label-smoothing = 0.1",
        "java   | train.rules = [sam], train.label-smoothing = 0.1",
        "engine | prune.mask = soft",
        "java   | prune.mask = soft",
        "engine | prune.mask = edge-popup",
        "java   | prune.mask = edge-popup",
        "engine | train.rules = [{ kind = group-lasso, strength = 1e-3, step = gradient }]",
        "java   | train.rules = [{ kind = group-lasso, strength = 1e-3, step = gradient }]",
        "engine | prune.granularity { kind = channel, cut = live, settle = 2 }",
        "java   | prune.granularity { kind = channel, cut = live, settle = 2 }",
      })
  void steps_ofFourSmallBatches_areThoseOfOneLargeBatch(String execution, String more) {
    String how = "train.execution = " + execution + ", " + more;

    Committed once = train(how + ONCE);
    Committed inFour = train(how + IN_FOUR);

    assertThat(inFour.step()).isEqualTo(once.step()).isEqualTo(14);
    assertThat(inFour.masks().masks()).isEqualTo(once.masks().masks());
    assertThat(inFour.digest()).isNotEqualTo(once.digest());
    List<float[]> expected = once.state().prunableWeights();
    List<float[]> found = inFour.state().prunableWeights();
    for (int p = 0; p < expected.size(); p++) {
      assertThat(found.get(p)).containsExactly(expected.get(p), within(2e-4f));
    }
  }

  @ParameterizedTest
  @CsvSource({"engine", "java"})
  void run_resumedInItsMiddle_endsWithTheSameBits(String execution) {
    PreparedRun run = prepare("train.execution = " + execution + IN_UNEQUAL);
    List<Committed> syncs = new ArrayList<>();
    FinishedRun whole =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void synced(SyncOutcome sync) {
                syncs.add(sync.committed());
              }
            });

    Committed middle = syncs.get(syncs.size() / 2);
    FinishedRun resumed = TrainingLoop.resume(run, middle, new Traffic(0, 0), LoopListener.NONE);

    assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
  }

  @Test
  void step_largerThanAShard_isRefused() {
    assertThatThrownBy(() -> prepare("data.batch-size = 200, train.accumulate = 4"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("batch-size=200, accumulate=4, examples=719");
  }
}
