package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clipping and Nesterov's momentum in a replica, from slopes that are found by differences. */
class ClippedStepTest {
  private static final double CLIP = 0.05;
  private static final OptimizerConfig NESTEROV =
      new OptimizerConfig.Sgd(Toy.MOMENTUM, true, Toy.DECAY);

  @TempDir private Path directory;

  @Test
  void step_underAHardMask_clipsTheMaskedGradient() {
    PreparedRun run = run(Kinds.HARD);
    Regression oracle = Regression.onTraining(run);
    int clipped = 0;
    int denseNormDiffers = 0;

    for (Trace.Step step : Trace.of(run).steps()) {
      float[] mask = Values.of(step.mask());
      double[] slope = slope(oracle, step, mask);
      double dense = norm(slope);
      for (int i = 0; i < mask.length; i++) {
        slope[i] *= mask[i];
      }
      clipped += norm(slope) > CLIP ? 1 : 0;
      denseNormDiffers += dense > 1.05 * norm(slope) ? 1 : 0;
      check(step, slope, Math.min(1, CLIP / norm(slope)));
    }
    assertThat(clipped).isGreaterThan(15);
    assertThat(denseNormDiffers).isGreaterThan(10);
  }

  @Test
  void step_underASoftMask_clipsTheGradientOfHiddenUnitsToo() {
    PreparedRun run = run(Kinds.soft(0));
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : Trace.of(run).steps().subList(0, 5)) {
      double[] slope = slope(oracle, step, Values.of(step.mask()));
      assertThat(norm(slope)).isGreaterThan(CLIP);
      check(step, slope, CLIP / norm(slope));
    }
  }

  private static void check(Trace.Step step, double[] slope, double clip) {
    Trace.Held before = step.before();
    Trace.Held after = step.after();
    for (int i = 0; i < slope.length; i++) {
      boolean bias = i >= 12;
      int at = bias ? i - 12 : i;
      double weight = bias ? before.bias[at] : before.weight[at];
      double velocity = bias ? before.biasMoment[at] : before.weightMoment[at];
      double gradient = clip * slope[i] + (bias ? 0 : Toy.DECAY * weight);
      velocity = Toy.MOMENTUM * velocity + gradient;
      double moved = weight - Toy.RATE * (gradient + Toy.MOMENTUM * velocity);

      String where = "step " + step.step() + ", value " + i;
      assertThat((double) (bias ? after.biasMoment[at] : after.weightMoment[at]))
          .as(where)
          .isCloseTo(velocity, within(1e-6));
      assertThat((double) (bias ? after.bias[at] : after.weight[at]))
          .as(where)
          .isCloseTo(moved, within(1e-6));
    }
  }

  private static double[] slope(Regression oracle, Trace.Step step, float[] seen) {
    return oracle.slope(
        Regression.product(step.before().weight, seen), Values.inDouble(step.before().bias), 0);
  }

  private static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private PreparedRun run(MaskConfig mask) {
    return Toy.run(directory, mask, Toy.AT_FIVE, 20, 5, NESTEROV, 0.5, 0, Optional.of(CLIP));
  }
}
