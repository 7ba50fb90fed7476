package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refits on inputs of the network before the update, and behind layers that are pruned. */
class RefitInputsTest {
  private static final String RECIPE =
      """
      name = inputs, seed = 3
      data { kind = digits, batch-size = 48 }
      model { kind = mlp, hidden = [24, 16] }
      train { epochs = 2, sync-every = 4, learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 70%, schedule { kind = one-shot, begin = 50% } }
      """;

  private static PreparedRun prepare(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("inputs.conf", RECIPE + more, List.of()).config());
  }

  private static List<Committed> train(PreparedRun run) {
    List<Committed> syncs = new ArrayList<>();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void synced(SyncOutcome sync) {
            syncs.add(sync.committed());
          }
        });
    return syncs;
  }

  private static Committed updated(List<Committed> syncs) {
    return syncs.stream()
        .filter(each -> each.masks().masks().sparsity() > 0)
        .findFirst()
        .orElseThrow();
  }

  private static float[] read(Committed committed, int entry) {
    float[] values = new float[committed.run().stateLayout().entries().get(entry).size()];
    committed.state().read(entry, 0, 0, FloatBuffer.wrap(values));
    return values;
  }

  /** A step passes over all examples, so that the refit has measured all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"least-squares", "admm", "sparsegpt"})
  void refit_behindPrunedLayers_fitsWhatTheyGive(String refit) {
    String all = "data.batch-size = 1438, train { epochs = 8, sync-every = 1 }, prune.refit";
    List<Committed> dense = train(prepare(all + " = " + refit));
    List<Committed> pruned = train(prepare(all + " { kind = " + refit + ", inputs = pruned }"));
    Committed ofDense = updated(dense);
    Committed ofPruned = updated(pruned);
    Committed before =
        dense.stream().filter(each -> each.step() == ofDense.step()).findFirst().orElseThrow();

    assertThat(ofPruned.masks().masks()).isEqualTo(ofDense.masks().masks());
    assertThat(read(ofPruned, 0)).containsExactly(read(ofDense, 0));
    assertThat(read(ofPruned, 1)).containsExactly(read(ofDense, 1));
    assertThat(read(ofPruned, 2)).isNotEqualTo(read(ofDense, 2));
    double error = error(ofPruned, before);
    assertThat(error).isPositive().isLessThan(error(ofDense, before));
  }

  /** What the second layer gives otherwise than before, on what the first gives now. */
  private static double error(Committed after, Committed before) {
    PreparedRun run = after.run();
    int[] shard = run.splits().shard(0);
    Batch batch =
        new Batch(run.dataset().input(), shard.length)
            .fill(run.dataset().train(), shard, 0, shard.length);
    int width = run.dataset().input().size();
    double error = 0;
    for (int example = 0; example < shard.length; example++) {
      double[] hidden = new double[24];
      for (int out = 0; out < hidden.length; out++) {
        double sum = read(after, 1)[out];
        for (int in = 0; in < width; in++) {
          sum += read(after, 0)[out * width + in] * (double) batch.inputs()[example * width + in];
        }
        hidden[out] = Math.max(sum, 0);
      }
      for (int out = 0; out < 16; out++) {
        double apart = read(after, 3)[out] - read(before, 3)[out];
        for (int in = 0; in < hidden.length; in++) {
          int unit = out * hidden.length + in;
          apart += (read(after, 2)[unit] - read(before, 2)[unit]) * hidden[in];
        }
        error += apart * apart;
      }
    }
    return error;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "engine | prune.refit { kind = least-squares, inputs = pruned }",
        "java   | prune.refit { kind = sparsegpt, inputs = pruned }",
        "engine | prune.refit { kind = mean-folding, inputs = pruned }",
        "engine | prune { refit { kind = least-squares, inputs = pruned },"
            + " granularity { kind = channel, cut = live, settle = 2 } }",
      })
  void run_ofTwoTrainers_resumesToTheSameBits(String execution, String more) {
    PreparedRun run = prepare("train { trainers = 2, execution = " + execution + " }, " + more);
    List<Committed> committed = new ArrayList<>();
    FinishedRun whole =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void synced(SyncOutcome sync) {
                if (sync.commit().next() == Commit.Next.TRAIN) {
                  committed.add(sync.committed());
                }
              }
            });

    for (Committed from : List.of(committed.get(1), committed.get(committed.size() - 2))) {
      assertThat(
              TrainingLoop.resume(run, from, new Traffic(0, 0), LoopListener.NONE)
                  .committed()
                  .digest())
          .isEqualTo(whole.committed().digest());
    }
  }

  @Test
  void refit_thatMeasuresNothing_isRefused() {
    assertThatThrownBy(() -> prepare("prune.refit { kind = rescale, inputs = pruned }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("inputs");
  }
}
