package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.OptimizerConfig;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clipping seen through plain descent at rate 1: a weight at 0 becomes the negative gradient. */
class ClippingTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  @Test
  void norm_aboveTheLimit_isTakenOverAllParametersTogether() {
    Optimizer optimizer = clipping(1, 0);
    Tensor matrix = Tensor.of(optimizer, 0, 0);
    Tensor bias = Tensor.of(optimizer, 0).ofRankOne();

    optimizer.step(List.of(matrix.with(2, -4), bias.with(4)), 0, 1);

    assertThat(matrix.weights()).containsExactly(new float[] {-2 / 6f, 4 / 6f}, CLOSE);
    assertThat(bias.weights()).containsExactly(new float[] {-4 / 6f}, CLOSE);
  }

  @Test
  void norm_atTheLimit_changesNoBit() {
    Optimizer optimizer = clipping(5, 0);
    Tensor tensor = Tensor.of(optimizer, 0, 0);

    optimizer.step(List.of(tensor.with(3, 4)), 0, 1);

    assertThat(tensor.weights()).containsExactly(-3, -4);
  }

  @Test
  void norm_gradientsOfPrunedUnits_doNotCount() {
    Optimizer optimizer = clipping(1, 0);
    Tensor tensor = Tensor.of(optimizer, 0, 0, 0).masked(1, 0, 1);

    optimizer.step(List.of(tensor.with(3, 1000, 4)), 0, 1);

    assertThat(tensor.weights()).containsExactly(new float[] {-0.6f, 0, -0.8f}, CLOSE);
  }

  @Test
  void norm_gradientsThatPassStraightThrough_count() {
    Optimizer optimizer = clipping(1, 0);
    Tensor tensor = Tensor.of(optimizer, 0, 0).seenThrough(1, 0);

    optimizer.step(List.of(tensor.with(3, 4)), 0, 1);

    assertThat(tensor.weights()).containsExactly(new float[] {-0.6f, -0.8f}, CLOSE);
  }

  @Test
  void weightDecay_besideClipping_isAddedAfterIt() {
    Optimizer optimizer = clipping(1, 0.5);
    Tensor tensor = Tensor.of(optimizer, 10, 0);

    optimizer.step(List.of(tensor.with(3, 4)), 0, 1);

    assertThat(tensor.weights()).containsExactly(new float[] {10 - 0.6f - 5, -0.8f}, CLOSE);
  }

  /** Sizes around whole pieces, and gradients whose squares a float cannot hold. */
  @ParameterizedTest
  @CsvSource({"1, 1", "511, 1", "512, 1", "513, 1", "5000, 1e-3", "777, 1e18", "777, 1e25"})
  void clippedGradient_anySize_hasTheLimitAsItsNorm(int size, float magnitude) {
    SplittableRandom random = new SplittableRandom(size);
    float[] gradient = new float[size];
    double squares = 0;
    for (int i = 0; i < size; i++) {
      gradient[i] = magnitude * (float) (random.nextDouble() + 0.5);
      squares += (double) gradient[i] * gradient[i];
    }
    double limit = Math.sqrt(squares) / 3;
    Optimizer optimizer = clipping(limit, 0);
    Tensor tensor = Tensor.of(optimizer, new float[size]);

    optimizer.step(List.of(tensor.with(gradient)), 0, 1);

    for (int i = 0; i < size; i++) {
      assertThat(tensor.weights()[i] / magnitude)
          .isCloseTo(-gradient[i] / 3 / magnitude, within(1e-6f));
    }
  }

  @Test
  void gradient_notFinite_isNotHiddenByClipping() {
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Optimizer optimizer = clipping(1, 0);
      Tensor tensor = Tensor.of(optimizer, 0, 0);

      optimizer.step(List.of(tensor.with(broken, 1)), 0, 1);

      assertThat(tensor.weights()[0]).isNaN();
    }
  }

  private static Optimizer clipping(double norm, double decay) {
    return Optimizer.of(new OptimizerConfig.Sgd(0, decay), HiddenWeights.PLAIN, Optional.of(norm));
  }
}
