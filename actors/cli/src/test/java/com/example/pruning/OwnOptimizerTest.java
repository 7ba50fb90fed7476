package com.example.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.LearningRate;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.update.UpdateRule;
import io.espalier.trainer.update.Updated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optimizer and the learning rate of {@code docs/extending.md}, run as a user would. */
final class OwnOptimizerTest {
  private static final String SIGNUM = "train.optimizer { kind = signum, weight-decay = 0.01 }\n";
  private static final String ROOT =
      "train.learning-rate { kind = inverse-root, initial = 0.002, warm-up = 5 }\n";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"engine", "sparse"})
  void ownMembers_onEachBackEnd_actLearnAndResumeToTheSameBits(String execution) {
    String more = "train.execution = " + execution + "\n";
    PreparedRun run = run(more + SIGNUM + ROOT);
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
    assertThat(middle.step()).isBetween(1L, end.step() - 1);
    assertThat(
            TrainingLoop.resume(run, middle, new Traffic(0, 0), LoopListener.NONE)
                .committed()
                .digest())
        .isEqualTo(end.digest());
    assertThat(List.of(more + SIGNUM, more + ROOT, more))
        .extracting(without -> train(without).digest())
        .doesNotContain(end.digest())
        .doesNotHaveDuplicates();
  }

  @Test
  void fewSteps_onEachBackEnd_giveTheSameWeights() {
    String few = SIGNUM + ROOT + "train.epochs = 1\ntrain.execution = ";

    List<float[]> engine = train(few + "engine").state().prunableWeights();
    List<float[]> sparse = train(few + "sparse").state().prunableWeights();

    for (int i = 0; i < engine.size(); i++) {
      int other = 0;
      for (int unit = 0; unit < engine.get(i).length; unit++) {
        other += Math.abs(engine.get(i)[unit] - sparse.get(i)[unit]) > 1e-5 ? 1 : 0;
      }
      // A gradient near 0 has another sign where sums are rounded otherwise.
      assertThat(other).isLessThan(1 + engine.get(i).length / 50);
    }
  }

  /** The moments become .9 · .5 − .1 · 1 and .9 · .5 − .1 · 9. */
  @Test
  void signum_ofThreeWeights_stepsBySigns() {
    UpdateRule signum = new Signum().create(MemberSettings.of("signum").with("beta", 0.9));
    Values values =
        new Values(new float[] {1, 1, 0}, new float[] {-1, -9, 0}, new float[] {.5f, .5f, 0});

    signum.apply(values, 0, 0.25);

    assertThat(values.values()).containsExactly(0.75f, 1.25f, 0);
    assertThat(values.moment(0)).containsExactly(new float[] {.35f, -.45f, 0}, within(1e-6f));
    assertThat(signum.withoutMomentum().moments()).isEqualTo(1);
  }

  @Test
  void inverseRoot_ofARun_risesStaysAndFalls() {
    LearningRate rate = run(ROOT + "train.learning-rate.flat = 20").learningRate();

    assertThat(rate.at(0)).isCloseTo(0.0004, within(1e-12));
    assertThat(rate.at(4)).isCloseTo(0.002, within(1e-12));
    assertThat(rate.at(19)).isCloseTo(0.002, within(1e-12));
    assertThat(rate.at(79)).isCloseTo(0.001, within(1e-12));
  }

  @Test
  void settings_outOfRange_areRefusedByKey() {
    assertThatThrownBy(
            () ->
                run(
                    "train.optimizer { kind = signum, beta = 1, weight-decay = 2 }\n"
                        + "train.learning-rate { kind = inverse-root, initial = 0 }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("beta must be at least 0 and below 1: beta=1")
        .hasMessageContaining("weight-decay must be from 0 to 1: weight-decay=2")
        .hasMessageContaining("initial must be above 0: initial=0");
  }

  private static final class Values implements Updated {
    private final float[] values;
    private final float[] gradient;
    private final float[] mean;

    private Values(float[] values, float[] gradient, float[] mean) {
      this.values = values;
      this.gradient = gradient;
      this.mean = mean;
    }

    @Override
    public int count() {
      return values.length;
    }

    @Override
    public float[] values() {
      return values;
    }

    @Override
    public float[] gradient() {
      return gradient;
    }

    @Override
    public float[] moment(int index) {
      return mean;
    }
  }

  private Committed train(String more) {
    return TrainingLoop.run(run(more), LoopListener.NONE).committed();
  }

  private PreparedRun run(String more) {
    String recipe =
        """
        data  { kind = digits, batch-size = 64 }
        model { kind = mlp, hidden = [32] }
        train { epochs = 4 }
        prune { sparsity = 70%, schedule { kind = cubic, updates = 5 } }
        """;
    return PreparedRun.of(
        new RecipeLoader().parse("own", recipe + more, List.of()).config(), DataHome.of(directory));
  }
}
