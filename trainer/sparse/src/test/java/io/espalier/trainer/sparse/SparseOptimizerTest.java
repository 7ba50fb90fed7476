package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.OptimizerConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Steps worked by hand, in the order of operations of the engine's side. */
final class SparseOptimizerTest {
  private static SparseParameter weight(int moments, float value, float gradient) {
    ParameterShape shape = new ParameterShape(new ParameterId("fc.weight"), List.of(1, 3));
    SparseParameter weight = SparseParameter.trained(shape, Mask.of(3, unit -> unit == 1), moments);
    weight.values()[0] = value;
    weight.gradient()[0] = gradient;
    return weight;
  }

  private static void step(SparseParameter weight, OptimizerConfig config, long completed) {
    new SparseOptimizer(config, Optional.empty())
        .step(List.of(weight), completed, 0.1, 1, new Team(1).whole());
  }

  @Test
  void sgd_withMomentum_followsTheVelocity() {
    SparseParameter weight = weight(1, 1, 0.5f);
    OptimizerConfig config = new OptimizerConfig.Sgd(0.5, 0.25);

    step(weight, config, 0);
    // 0.5 + 0.25 · 1
    assertThat(weight.moment(0)).containsExactly(0.75f);
    assertThat(weight.values()).containsExactly(1 + 0.75f * -0.1f);

    float before = weight.values()[0];
    weight.gradient()[0] = 0.5f;
    step(weight, config, 1);
    float velocity = 0.75f * 0.5f + (0.5f + before * 0.25f);
    assertThat(weight.moment(0)).containsExactly(velocity);
    assertThat(weight.values()).containsExactly(before + velocity * -0.1f);
  }

  @Test
  void sgd_ofNesterov_looksAhead() {
    SparseParameter weight = weight(1, 1, 0.5f);

    step(weight, new OptimizerConfig.Sgd(0.5, true, 0), 0);

    // 0.5 + 0.5 · 0.5
    assertThat(weight.values()).containsExactly(1 + 0.75f * -0.1f);
  }

  @Test
  void adam_correctsItsBias() {
    SparseParameter weight = weight(2, 1, 0.5f);

    step(weight, new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0), 0);

    float mean = 0.5f * (float) (1 - 0.9);
    float square = 0.5f * 0.5f * (float) (1 - 0.999);
    float root = (float) Math.sqrt(square / (float) (1 - StrictMath.pow(0.999, 1)));
    float rate = (float) (-0.1 / (1 - StrictMath.pow(0.9, 1)));
    assertThat(weight.values()).containsExactly(1 + mean / (root + 1e-8f) * rate);
    assertThat(weight.moment(0)).containsExactly(mean);
    assertThat(weight.moment(1)).containsExactly(square);
  }

  @Test
  void adamW_decaysApartFromTheGradient() {
    SparseParameter weight = weight(2, 1, 0);

    step(weight, new OptimizerConfig.AdamW(0.9, 0.999, 1e-8, 0.5), 0);

    assertThat(weight.values()).containsExactly(1 + (float) (-0.1 * 0.5));
  }

  @Test
  void clipNorm_limitsTheJointNorm() {
    SparseParameter first = weight(0, 0, 3);
    SparseParameter second = weight(0, 0, -4);

    SparseOptimizer optimizer =
        new SparseOptimizer(new OptimizerConfig.Sgd(0, 0), Optional.of(2.5));
    float scale = optimizer.scale(List.of(first, second));
    optimizer.step(List.of(first, second), 0, 1, scale, new Team(1).whole());

    assertThat(first.values()).containsExactly(-1.5f);
    assertThat(second.values()).containsExactly(2);
  }

  @Test
  void moments_areThoseOfTheRule() {
    assertThat(SparseOptimizer.moments(new OptimizerConfig.Sgd(0, 0))).isZero();
    assertThat(SparseOptimizer.moments(new OptimizerConfig.Sgd(0.9, 0))).isEqualTo(1);
    assertThat(SparseOptimizer.moments(new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0))).isEqualTo(2);
  }
}
