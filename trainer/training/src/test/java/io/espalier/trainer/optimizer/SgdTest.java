package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.OptimizerConfig;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SgdTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  @Test
  void heavyBall_twoSteps_movesByTheVelocity() {
    Optimizer sgd = optimizer(new OptimizerConfig.Sgd(0.9, 0));
    Tensor tensor = Tensor.of(sgd, 1, -2);

    sgd.step(List.of(tensor.with(0.5f, 1)), 0, 0.1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {0.5f, 1}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.95f, -2.1f}, CLOSE);

    sgd.step(List.of(tensor.with(0.5f, -1)), 1, 0.1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {0.95f, -0.1f}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.855f, -2.09f}, CLOSE);
  }

  @Test
  void nesterov_twoSteps_movesByGradientAndVelocityAhead() {
    Optimizer sgd = optimizer(new OptimizerConfig.Sgd(0.9, true, 0));
    Tensor tensor = Tensor.of(sgd, 1, -2);

    sgd.step(List.of(tensor.with(0.5f, 1)), 0, 0.1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {0.5f, 1}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.905f, -2.19f}, CLOSE);

    sgd.step(List.of(tensor.with(0.5f, -1)), 1, 0.1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {0.95f, -0.1f}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.7695f, -2.081f}, CLOSE);
  }

  @Test
  void withoutMomentum_keepsNoMoment() {
    Optimizer sgd = optimizer(new OptimizerConfig.Sgd(0, 0));
    Tensor tensor = Tensor.of(sgd, 1, -2);

    sgd.step(List.of(tensor.with(0.5f, 1)), 0, 0.1);

    assertThat(sgd.moments()).isZero();
    assertThat(tensor.weights()).containsExactly(new float[] {0.95f, -2.1f}, CLOSE);
  }

  @Test
  void weightDecay_onMatricesOnly_isPartOfTheGradient() {
    Optimizer sgd = optimizer(new OptimizerConfig.Sgd(0.9, 0.1));
    Tensor matrix = Tensor.of(sgd, 2);
    Tensor bias = Tensor.of(sgd, 2).ofRankOne();

    sgd.step(List.of(matrix.with(0.5f), bias.with(0.5f)), 0, 0.1);

    assertThat(matrix.moment(0)).containsExactly(new float[] {0.7f}, CLOSE);
    assertThat(matrix.weights()).containsExactly(new float[] {1.93f}, CLOSE);
    assertThat(bias.moment(0)).containsExactly(new float[] {0.5f}, CLOSE);
    assertThat(bias.weights()).containsExactly(new float[] {1.95f}, CLOSE);
  }

  @Test
  void step_done_leavesTheGradientAtZero() {
    Optimizer sgd = optimizer(new OptimizerConfig.Sgd(0.9, 0));
    Tensor tensor = Tensor.of(sgd, new float[1000]);
    float[] gradient = new float[1000];
    gradient[0] = 1;
    gradient[999] = -1;

    sgd.step(List.of(tensor.with(gradient)), 0, 0.1);

    assertThat(tensor.gradient().array()).containsOnly(0f);
    assertThat(tensor.weights()[999]).isEqualTo(0.1f);
  }

  private static Optimizer optimizer(OptimizerConfig config) {
    return Optimizer.of(config, HiddenWeights.PLAIN, Optional.empty());
  }
}
