package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs of the built-in optimizers that are plug-ins, on each back end that computes them. */
class OptimizerRunsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "rmsprop, engine",
    "rmsprop, java",
    "adagrad, engine",
    "adagrad, java",
    "lion, engine",
    "lion, java",
    "lamb, engine"
  })
  void run_ofEachOptimizer_prunesAndResumesToTheSameBits(String optimizer, String execution) {
    PreparedRun run = prepare(optimizer, execution);
    List<Committed> syncs = new ArrayList<>();
    LoopListener kept =
        new LoopListener() {
          @Override
          public void synced(SyncOutcome sync) {
            syncs.add(sync.committed());
          }
        };

    Committed end = TrainingLoop.run(run, kept).committed();

    Committed middle = syncs.get(syncs.size() / 2);
    assertThat(
            TrainingLoop.resume(run, middle, new Traffic(0, 0), LoopListener.NONE)
                .committed()
                .digest())
        .isEqualTo(end.digest());
    assertThat(zeros(end)).isEqualTo(end.masks().masks().total() - end.masks().masks().kept());
    assertThat(train("{ kind = sgd, momentum = 0, weight-decay = 0 }", execution).digest())
        .isNotEqualTo(end.digest());
  }

  @ParameterizedTest
  @CsvSource({"rmsprop", "adagrad", "lion"})
  void fewSteps_onEachBackEnd_giveTheSameWeights(String optimizer) {
    List<float[]> engine = train(optimizer, "engine").state().prunableWeights();
    List<float[]> java = train(optimizer, "java").state().prunableWeights();

    for (int i = 0; i < engine.size(); i++) {
      int other = 0;
      for (int unit = 0; unit < engine.get(i).length; unit++) {
        other += Math.abs(engine.get(i)[unit] - java.get(i)[unit]) > 1e-4 ? 1 : 0;
      }
      // A gradient near 0 has another sign where sums are rounded otherwise.
      assertThat(other).isLessThan(1 + engine.get(i).length / 50);
    }
  }

  @Test
  void lamb_isRefusedSparse_andAutoStaysOnTheEngine() {
    assertThatThrownBy(() -> prepare("lamb", "java"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "execution must be engine with train.optimizer = lamb, because it has kept weights"
                + " only, and this optimizer looks at whole tensors: execution=\"java\";"
                + " leave train.execution away, or name another train.optimizer");
    assertThat(ExecutionDecision.measured(prepare("lamb", "auto"), 0).times()).isEmpty();
  }

  private static long zeros(Committed end) {
    long zeros = 0;
    for (float[] weights : end.state().prunableWeights()) {
      for (float weight : weights) {
        zeros += weight == 0 ? 1 : 0;
      }
    }
    return zeros;
  }

  private Committed train(String optimizer, String execution) {
    return TrainingLoop.run(prepare(optimizer, execution), LoopListener.NONE).committed();
  }

  private PreparedRun prepare(String optimizer, String execution) {
    String recipe =
        """
        data  { kind = digits, batch-size = 128 }
        model { kind = mlp, hidden = [16] }
        train { epochs = 1, sync-every = 2, learning-rate { kind = constant, initial = 0.002 }
                optimizer = %s, execution = %s }
        prune { sparsity = 50%%, schedule { kind = cubic, updates = 3 } }
        """
            .formatted(optimizer, execution);
    return PreparedRun.of(
        new RecipeLoader().parse("own", recipe, List.of()).config(), DataHome.of(directory));
  }
}
