package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.OptimizerConfig;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  /** The first step of bias-corrected Adam moves by rate · sign(g), whatever the size of g. */
  @Test
  void adam_firstStep_movesByTheRate() {
    Optimizer adam = optimizer(new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0));
    Tensor tensor = Tensor.of(adam, 1, -2, 3);

    adam.step(List.of(tensor.with(0.5f, -20, 0)), 0, 0.1);

    assertThat(adam.moments()).isEqualTo(2);
    assertThat(tensor.moment(0)).containsExactly(new float[] {0.05f, -2, 0}, CLOSE);
    assertThat(tensor.moment(1)).containsExactly(new float[] {0.00025f, 0.4f, 0}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.9f, -1.9f, 3}, CLOSE);
  }

  @Test
  void adamw_firstStep_movesByTheRateAndItsShareOfTheWeight() {
    Optimizer adamw = optimizer(new OptimizerConfig.AdamW(0.9, 0.999, 1e-8, 0.2));
    Tensor matrix = Tensor.of(adamw, 1, -2, 3);
    Tensor bias = Tensor.of(adamw, 1, -2, 3).ofRankOne();

    adamw.step(List.of(matrix.with(0.5f, -20, 0), bias.with(0.5f, -20, 0)), 0, 0.1);

    assertThat(matrix.weights()).containsExactly(new float[] {0.88f, -1.86f, 2.94f}, CLOSE);
    assertThat(bias.weights()).containsExactly(new float[] {0.9f, -1.9f, 3}, CLOSE);
    assertThat(matrix.moment(0)).isEqualTo(bias.moment(0));
    assertThat(matrix.moment(1)).isEqualTo(bias.moment(1));
  }

  @Test
  void decay_ofAdam_isPartOfTheGradientAndItsMoments() {
    Optimizer adam = optimizer(new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0.2));
    Tensor tensor = Tensor.of(adam, 3);

    adam.step(List.of(tensor.with(0)), 0, 0.1);

    assertThat(tensor.moment(0)).containsExactly(new float[] {0.06f}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {2.9f}, CLOSE);
  }

  private static Optimizer optimizer(OptimizerConfig config) {
    return Optimizer.of(config, HiddenWeights.PLAIN, Optional.empty());
  }
}
