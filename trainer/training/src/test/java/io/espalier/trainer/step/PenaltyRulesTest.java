package io.espalier.trainer.step;

import static io.espalier.trainer.step.RuleFixture.context;
import static io.espalier.trainer.step.RuleFixture.parameter;
import static io.espalier.trainer.step.RuleFixture.rule;
import static io.espalier.trainer.step.RuleFixture.step;
import static io.espalier.trainer.step.RuleFixture.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.Mask;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that add the slope of a penalty to the gradient, or take its proximal step. */
class PenaltyRulesTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  private final float[] gradient = new float[6];

  @Test
  void l1_proximal_takesTheThresholdOffEachMagnitude() {
    float[] weight = {3, -4, 0, 0.1f, -0.25f, 1};

    rule("l1, strength = 0.5", 0.5).afterUpdate(step(0, 0.5, weight(weight, gradient, 3, 2)));

    assertThat(weight).containsExactly(new float[] {2.75f, -3.75f, 0, 0, 0, 0.75f}, CLOSE);
    assertThat(gradient).containsOnly(0);
  }

  @Test
  void l1_gradient_isItsSign() {
    float[] weight = {3, -4, 0, 0.1f, -0.25f, 1};

    rule("l1, strength = 0.5, step = gradient", 0.5)
        .afterBackward(step(0, 0.5, weight(weight, gradient, 3, 2)));

    assertThat(gradient).containsExactly(0.5f, -0.5f, 0, 0.5f, -0.5f, 0.5f);
  }

  /** Of six scales half are selected: those of magnitude 0, 0.1 and 0.2. */
  @Test
  void scalePenalty_ofTheSmallest_leavesTheOthersAlone() {
    float[] first = {1, -0.2f, 0};
    float[] second = {-0.5f, 0.1f, 0.9f};
    float[] slopes = new float[3];
    float[] others = new float[3];
    StepRule rule = rule("scale-penalty, select = smallest", context(0, true, Role.NORM_SCALE));

    rule.afterBackward(
        step(
            0,
            1,
            parameter(Role.NORM_SCALE, "a.scale", first, slopes),
            parameter(Role.NORM_SCALE, "b.scale", second, others),
            parameter(Role.BIAS, "b.bias", new float[] {1}, new float[1])));

    assertThat(slopes).containsExactly(0, -5e-4f, 0);
    assertThat(others).containsExactly(0, 5e-4f, 0);
  }

  @Test
  void scalePenalty_ofAll_hasTheSameStrengthAtAnyMagnitude() {
    float[] slopes = new float[3];

    rule("scale-penalty, strength = 0.25", context(0, true, Role.NORM_SCALE))
        .afterBackward(
            step(0, 1, parameter(Role.NORM_SCALE, "a.scale", new float[] {7, -0.01f, 0}, slopes)));

    assertThat(slopes).containsExactly(0.25f, -0.25f, 0);
  }

  @Test
  void scalePenalty_withoutNorms_isRefused() {
    assertThatThrownBy(() -> rule("scale-penalty", context(0.5, true, Role.WEIGHT)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("acts on the scales of norms, and this network has no norms");
  }

  /** Half of six weights: 0, 0.1 and −0.25; 0.1 more every ten steps. */
  @Test
  void growing_ofWeights_risesWithTheStepsForTheSmallestAlone() {
    float[] weight = {3, -4, 0, 0.1f, -0.25f, 1};
    StepRule rule = rule("growing, strength = 0.1, every = 10, limit = 0.35", 0.5);

    rule.afterBackward(step(9, 1, weight(weight, gradient, 3, 2)));
    assertThat(gradient).containsOnly(0);

    rule.afterBackward(step(29, 1, weight(weight, gradient, 3, 2)));
    assertThat(gradient).containsExactly(new float[] {0, 0, 0, 0.02f, -0.05f, 0}, CLOSE);

    float[] late = new float[6];
    rule.afterBackward(step(99, 1, weight(weight, late, 3, 2)));
    assertThat(late[4]).isCloseTo(-0.0875f, CLOSE);
  }

  /** Half goes: 0.1, 0.2 and 0.3; of the others those below 2 · 0.5 are raised. */
  @Test
  void dualPenalty_aboutTheQuantile_partsSmallFromLarge() {
    float[] weight = {0.1f, -0.2f, 0.3f, -0.5f, 0.9f, 2};

    rule("dual-penalty, strength = 0.25, separation = 0.125", 0.5)
        .afterBackward(step(0, 1, weight(weight, gradient, 3, 2)));

    assertThat(gradient).containsExactly(0.25f, -0.25f, 0.25f, 0.125f, -0.125f, 0);
  }

  @Test
  void widening_ofAnyRow_isTheFiniteDifferenceOfItsEntropy() {
    float[] weight = {0.5f, -1, 2, 0.25f, 0.3f, -0.7f};

    rule("widening, strength = 2", 0.5).afterBackward(step(0, 1, weight(weight, gradient, 2, 3)));

    for (int unit = 0; unit < weight.length; unit++) {
      double rise = 2 * difference(weight, unit, PenaltyRulesTest::entropies);
      assertThat((double) gradient[unit]).isCloseTo(rise, within(1e-3));
    }
  }

  private static double difference(float[] weight, int unit, ToDoubleFunction<float[]> penalty) {
    float[] above = weight.clone();
    float[] below = weight.clone();
    above[unit] += 1e-3f;
    below[unit] -= 1e-3f;
    return (penalty.applyAsDouble(above) - penalty.applyAsDouble(below))
        / ((double) above[unit] - below[unit]);
  }

  private static double entropies(float[] weight) {
    double entropies = 0;
    for (int row = 0; row < 2; row++) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += Math.abs(weight[row * 3 + i]);
      }
      for (int i = 0; i < 3; i++) {
        double share = Math.abs(weight[row * 3 + i]) / sum;
        entropies -= share * Math.log(share);
      }
    }
    return entropies;
  }

  /** What a mask prunes is 0, and the executor leaves it so after rules that are built in. */
  @ParameterizedTest
  @ValueSource(
      strings = {"l1", "l1, step = gradient", "growing", "dual-penalty", "widening", "gsm", "iss"})
  void anyRule_onPrunedWeights_leavesThemAt0(String keys) {
    float[] weight = {0.1f, 0, 0.3f, 0, 0.9f, 2};
    float[] slopes = {1, 0, 1, 0, 1, 1};
    Mask kept = Mask.of(6, unit -> unit != 1 && unit != 3);
    StepRule rule = rule(keys, 0.5);
    Step step = step(50, 0.1, weight(weight, slopes, kept, 3, 2));

    rule.afterBackward(step);
    rule.afterUpdate(step);

    assertThat(new float[] {weight[1], weight[3], slopes[1], slopes[3]}).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"growing", "gsm", "iss", "dual-penalty"})
  void ruleOfThePlansSparsity_withoutOne_isRefused(String name) {
    assertThatThrownBy(() -> rule(name, 0))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(name + " prepares the weights that prune.sparsity leaves out");
    assertThatThrownBy(() -> rule(name, context(0.5, false)))
        .isInstanceOf(InvalidConfigException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "l1, strength = 0",
        "l1, step = prox",
        "scale-penalty, share = 100%",
        "growing, every = 0",
        "growing, of = rows",
        "half-space, epsilon = 1",
        "iss, factor = 1",
        "filter-shrinking, factor = -1",
        "sam, radius = 0",
        "adasap, least-radius = 3",
        "staged-penalty, share = 0%",
        "truncation, energy = 0%",
        "dual-penalty, separation = -1"
      })
  void recipe_withAKeyOutOfRange_isRefused(String keys) {
    assertThatThrownBy(() -> RuleFixture.train(keys))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("my.conf:2: train.rules[0].");
  }
}
