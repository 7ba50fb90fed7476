package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.executor.ForwardingExecutor;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of no steps: what pruning alone does. */
class UntrainedRunTest {
  @TempDir private Path home;

  private PreparedRun run(String... settings) {
    String text = "data = digits, train.epochs = 0\n" + String.join("\n", settings);
    return PreparedRun.of(
        new RecipeLoader().parse("untrained.conf", text, List.of()).config(), DataHome.of(home));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune { score = wanda, refit = least-squares }",
        "prune { score = snip, schedule { kind = one-shot, begin = 0 } }",
        "prune.schedule { kind = cubic, begin = 10%, end = 75%, updates = 5 }",
        "prune.mask = soft"
      })
  void run_ofNoSteps_prunesToTheTarget(String prune) {
    PreparedRun run = run("model = lenet-300-100", "prune.sparsity = 80%", prune);

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(finished.committed().step()).isZero();
    assertThat(finished.committed().masks().masks().kept())
        .isEqualTo(run.plan().finalKept())
        .isEqualTo(10_040);
    assertThat(finished.test().examples()).isEqualTo(359);
  }

  @Test
  void run_ofNoSteps_recalibratesNorms() {
    FinishedRun finished =
        TrainingLoop.run(run("model = resnet-8", "prune.sparsity = 50%"), LoopListener.NONE);

    assertThat(finished.committed().recalibrated()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,3", "64,11"})
  void run_withNormBatches_recalibratesOverSoManyOrAllOfAnEpoch(int wanted, int gathered) {
    PreparedRun run =
        run("model = resnet-8", "prune.sparsity = 50%", "train.norm-batches = " + wanted);
    AtomicInteger passes = new AtomicInteger();

    TrainingLoop.run(
        run,
        LoopListener.NONE,
        (prepared, masks, context) ->
            new ForwardingExecutor(EngineExecutor.of(prepared, masks, context)) {
              @Override
              public void gatherNorms(Batch batch, int done) {
                assertThat(passes.getAndIncrement()).isEqualTo(done);
                super.gatherNorms(batch, done);
              }
            });

    assertThat(passes).hasValue(gathered);
  }

  @Test
  void run_ofNoStepsWithoutATarget_leavesTheWeights() {
    PreparedRun run = run("model = lenet-300-100", "prune.sparsity = 0");

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(finished.committed().digest()).isEqualTo(Committer.start(run).committed().digest());
    assertThat(finished.committed().masks().masks().kept()).isEqualTo(50_200);
  }
}
