package io.espalier.trainer.step;

import static io.espalier.trainer.step.RuleFixture.pass;
import static io.espalier.trainer.step.RuleFixture.rule;
import static io.espalier.trainer.step.RuleFixture.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Rules whose gradient is taken nearby. */
class SharpnessRulesTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  /** {@code f = (4x² + y²) / 2} at (1, 1): the gradient there is (4, 1). */
  @Test
  void sam_workedSlope_climbsAlongItAndReturns() {
    float[] weight = {1, 1};
    float[] gradient = {4, 1};
    TrainedParameter parameter = weight(weight, gradient, 1, 2);
    StepRule rule = rule("sam, radius = 0.1", 0.5);

    rule.afterBackward(pass(0, parameter));
    assertThat(weight).containsExactly(new float[] {1.097014f, 1.024254f}, CLOSE);
    assertThat(new float[] {4 * weight[0], weight[1]})
        .containsExactly(new float[] {4.388057f, 1.024254f}, within(2e-6f));

    rule.afterBackward(pass(1, parameter));
    assertThat(weight).containsExactly(1, 1);
    assertThat(rule.passes()).isEqualTo(2);
  }

  @Test
  void sam_onPrunedWeights_neitherMovesNorCountsThem() {
    float[] weight = {1, 0};
    TrainedParameter parameter =
        weight(weight, new float[] {4, 30}, Mask.of(2, unit -> unit == 0), 1, 2);

    rule("sam, radius = 0.1", 0.5).afterBackward(pass(0, parameter));

    assertThat(weight).containsExactly(1.1f, 0);
  }

  @Test
  void sam_withoutAGradient_staysWhereItIs() {
    float[] weight = {1, 2};

    rule("sam", 0.5).afterBackward(pass(0, weight(weight, new float[2], 1, 2)));

    assertThat(weight).containsExactly(1, 2);
  }

  /** Norms 1, 2, 4 and 8 have the radii 2, 1.715714, 1.147143 and .01. */
  @Test
  void adasap_workedScores_moveTheLeastImportantFarthest() {
    float[] weight = {1, 0, 2, 0, 4, 0, 8, 0};
    float[] gradient = {0, 3, 0, 5, 0, -1, 0, 2};
    TrainedParameter parameter = weight(weight, gradient, 4, 2);
    StepRule rule = rule("adasap", 0.5);

    rule.afterBackward(pass(0, parameter));

    assertThat(weight)
        .containsExactly(new float[] {1, 2, 2, 1.715714f, 4, -1.147143f, 8, .01f}, within(1e-5f));
    rule.afterBackward(pass(1, parameter));
    assertThat(weight).containsExactly(1, 0, 2, 0, 4, 0, 8, 0);
  }

  @Test
  void adasap_ofEqualScores_takesTheLargestRadius() {
    float[] weight = {3, 0, 0, 3};

    rule("adasap, radius = 0.5", 0.5)
        .afterBackward(pass(0, weight(weight, new float[] {1, 0, 1, 0}, 2, 2)));

    assertThat(weight).containsExactly(3.5f, 0, 0.5f, 3);
  }
}
