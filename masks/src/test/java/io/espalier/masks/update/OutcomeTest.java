package io.espalier.masks.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.StepFactors;
import io.espalier.masks.kind.WeightView.StepGradients;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.AuxiliaryValues;
import io.espalier.masks.statistic.Statistics;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Thresholds that are trained, by the numbers of the paper's equations. */
class OutcomeTest {
  private static final MaskConfig KIND =
      MaskKinds.config(
          MemberSettings.of("soft-threshold")
              .with("initial", 0.001)
              .with("rate", 1.0)
              .with("weight-decay", 0.01));
  private static final float[] WEIGHTS = {.5f, -.1f, .05f};
  private static final float TRAINED = -2.5f; // a threshold of .075858

  private static WeightView view() {
    return MaskKinds.of(KIND)
        .view(
            new MaskedWeight(
                0,
                Mask.allKept(3),
                0,
                true,
                100,
                AnnealingState.none(new Temperature(Temperature.Shape.LINEAR, 0, 0)),
                1,
                0));
  }

  private static FloatBuffer buffer(float... values) {
    return FloatBuffer.wrap(values.clone());
  }

  private static float[] seen(float[] weights, float trained) {
    ByteBuffer memory = ByteBuffer.allocate(Float.BYTES * weights.length);
    FloatBuffer factors = memory.asFloatBuffer();
    view()
        .factors(
            new StepFactors(
                WeightView.Purpose.TRAINING,
                0,
                buffer(weights),
                List.of(buffer(trained)),
                factors,
                memory.asIntBuffer()));
    float[] seen = new float[weights.length];
    for (int unit = 0; unit < seen.length; unit++) {
      seen[unit] = factors.get(unit) * weights[unit];
    }
    return seen;
  }

  @Test
  void passes_seeWeightsLessTheThreshold() {
    assertThat(seen(WEIGHTS, TRAINED))
        .containsExactly(new float[] {.424142f, -.024142f, 0}, within(1e-6f));
  }

  @Test
  void initialValue_hasTheThresholdThatTheRecipeNames() {
    float[] initial = new float[1];
    MaskKinds.of(KIND)
        .state()
        .get(0)
        .initial()
        .write(new ParameterShape(new ParameterId("w"), List.of(3)), WEIGHTS, initial);

    assertThat(1 / (1 + Math.exp(-initial[0]))).isCloseTo(.001, within(1e-9));
  }

  /** The loss is ½ Σ (ŵ − target)², so ∂L/∂ŵ = ŵ − target. */
  @Test
  void gradients_areThoseOfFiniteDifferences() {
    SplittableRandom random = new SplittableRandom(3);
    float[] weights = new float[40];
    double[] target = new double[weights.length];
    for (int unit = 0; unit < weights.length; unit++) {
      weights[unit] = (float) (random.nextDouble() - .5);
      target[unit] = random.nextDouble() - .5;
    }
    float[] seen = seen(weights, TRAINED);
    FloatBuffer gradient = FloatBuffer.allocate(weights.length);
    for (int unit = 0; unit < weights.length; unit++) {
      gradient.put(unit, (float) (seen[unit] - target[unit]));
    }
    FloatBuffer slope = FloatBuffer.allocate(1);

    view()
        .backward(
            new StepGradients(
                0, buffer(weights), gradient, List.of(buffer(TRAINED)), List.of(slope)));

    double nudge = 1e-6;
    double above = loss(weights, 0, 0, TRAINED + nudge, target);
    double below = loss(weights, 0, 0, TRAINED - nudge, target);
    assertThat(slope.get(0)).isCloseTo((float) ((above - below) / (2 * nudge)), within(1e-5f));
    for (int unit = 0; unit < weights.length; unit++) {
      double more = loss(weights, unit, nudge, TRAINED, target);
      double less = loss(weights, unit, -nudge, TRAINED, target);
      assertThat(gradient.get(unit))
          .isCloseTo((float) ((more - less) / (2 * nudge)), within(1e-5f));
    }
  }

  private static double loss(
      float[] weights, int nudged, double nudge, double trained, double[] target) {
    double threshold = 1 / (1 + Math.exp(-trained));
    double loss = 0;
    for (int unit = 0; unit < weights.length; unit++) {
      double weight = weights[unit] + (unit == nudged ? nudge : 0);
      double seen = Math.signum(weight) * Math.max(Math.abs(weight) - threshold, 0);
      loss += (seen - target[unit]) * (seen - target[unit]) / 2;
    }
    return loss;
  }

  @Test
  void update_keepsWhatIsAboveTheThreshold_andReportsItBesideTheTarget() {
    MaskUpdate update = updated(new float[] {.5f, -.1f, .05f, .01f}, TRAINED, 0);

    assertThat(update.next().masks().get(0)).isEqualTo(Mask.of(4, unit -> unit < 2));
    assertThat(update.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.target()).isEqualTo(1);
              assertThat(change.kept()).isEqualTo(2);
              assertThat(change.pruned()).isEqualTo(2);
            });
  }

  /** A threshold above all weights leaves the protected share, its largest first. */
  @Test
  void update_belowTheFloor_keepsTheLargestOfTheOthers() {
    assertThat(updated(new float[] {.05f, -.07f, .06f, .01f}, TRAINED, .5).next().masks().get(0))
        .isEqualTo(Mask.of(4, unit -> unit == 1 || unit == 2));
    assertThat(updated(new float[] {.05f, -.07f, .06f, .5f}, TRAINED, .5).next().masks().get(0))
        .isEqualTo(Mask.of(4, unit -> unit == 1 || unit == 3));
  }

  private static MaskUpdate updated(float[] weights, float trained, double minKeep) {
    ParameterShape shape = new ParameterShape(new ParameterId("fc.weight"), List.of(2, 2));
    PruneConfig config =
        Recipes.prune(
            .75,
            MemberSettings.of("magnitude"),
            Recipes.GLOBAL,
            MemberSettings.of("constant"),
            KIND);
    PruneConfig floored =
        new PruneConfig(
            new TargetConfig(config.target().sparsity(), minKeep, config.target().exclude()),
            config.granularity(),
            new RankingConfig(
                config.ranking().score(),
                config.ranking().allocation(),
                config.ranking().selection()),
            config.schedule(),
            config.mask(),
            config.regrowth(),
            MemberSettings.of("none"));
    MaskSet dense = MaskSet.dense(Layout.dense(List.of(shape)), List.of(shape.id()));
    Statistics held =
        Statistics.none()
            .withArrays(AuxiliaryValues.of("threshold"), List.of(new float[] {trained}));

    assertThat(StatisticRequests.of(floored, 1).held())
        .containsExactly(AuxiliaryValues.of("threshold"));
    return MaskUpdater.of(floored, 1, List.of(shape))
        .update(dense, List.of(weights), held, PlannedUpdate.of(5, .75, 4), true);
  }
}
