package io.espalier.trainer.step;

import static io.espalier.trainer.step.RuleFixture.context;
import static io.espalier.trainer.step.RuleFixture.rule;
import static io.espalier.trainer.step.RuleFixture.step;
import static io.espalier.trainer.step.RuleFixture.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.structure.Groups;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that make weights or whole slices of them small, or keep their gradient back. */
class ShrinkingRulesTest {
  /** The two steps of soft-masks.md 2.3, with the optimizer written out. */
  @Test
  void gsm_workedSteps_giveTheGradientToTheLargestProductsAlone() {
    float[] weight = {1, -0.5f, 0.2f, 0.05f};
    float[] velocity = new float[4];
    StepRule rule = rule("gsm", 0.5);

    train(rule, weight, velocity);
    assertThat(weight)
        .containsExactly(new float[] {.9899f, -0.439975f, .19999f, 0.0499975f}, within(1e-6f));

    train(rule, weight, velocity);
    assertThat(velocity)
        .containsExactly(new float[] {0.091395f, -1.140445f, .00019f, 2.0000474f}, within(1e-6f));
    assertThat(weight)
        .containsExactly(
            new float[] {0.9807605f, -0.3259305f, 0.199971f, -0.15000725f}, within(1e-6f));
  }

  /** Momentum 0.9, weight decay 5e-4 and rate 0.1. */
  private static void train(StepRule rule, float[] weight, float[] velocity) {
    float[] gradient = {.1005f, -.6f, .05f, 2};
    rule.afterBackward(step(0, 0.1, weight(weight, gradient, 2, 2)));
    for (int unit = 0; unit < weight.length; unit++) {
      velocity[unit] = 0.9f * velocity[unit] + 5e-4f * weight[unit] + gradient[unit];
      weight[unit] -= 0.1f * velocity[unit];
    }
  }

  /** After 100 steps .95^100 = .0059205; the larger half stays. */
  @Test
  void iss_withoutGradients_decaysTheSmallerHalfByPowers() {
    float[] weight = {1, -1, 2, -3};
    StepRule rule = rule("iss", 0.5);

    for (int i = 0; i < 100; i++) {
      rule.afterUpdate(step(i, 0.1, weight(weight, new float[4], 2, 2)));
    }

    assertThat(weight).containsExactly(new float[] {0.0059205f, -0.0059205f, 2, -3}, within(1e-6f));
  }

  /** With s = .999 and 1000 weights 995 shrink. */
  @Test
  void iss_atMost_shrinks995OfAThousand() {
    float[] weight = new float[1000];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = i + 1;
    }

    rule("iss, factor = 0", 0.999)
        .afterUpdate(step(0, 0.1, weight(weight, new float[1000], 10, 100)));

    assertThat(weight).containsSequence(0, 996, 997, 998, 999, 1000);
    assertThat(weight[994]).isZero();
  }

  /** Of sixteen filters at 30 % four become 0, at the end of an epoch of ten steps alone. */
  @Test
  void filterShrinking_atTheEndOfAnEpoch_zeroesTheSmallestFilters() {
    float[] weight = new float[48];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = 1 + i / 3;
    }
    float[] before = weight.clone();
    StepRule rule = rule("filter-shrinking", filters());

    rule.afterUpdate(step(8, 0.1, weight(weight, new float[48], 16, 3, 1, 1)));
    assertThat(weight).containsExactly(before);

    rule.afterUpdate(step(9, 0.1, weight(weight, new float[48], 16, 3, 1, 1)));
    assertThat(Arrays.copyOf(weight, 12)).containsOnly(0);
    assertThat(Arrays.copyOfRange(weight, 12, 48))
        .containsExactly(Arrays.copyOfRange(before, 12, 48));
  }

  private static StepRuleContext filters() {
    ParameterSpec convolution =
        new ParameterSpec(
            RuleFixture.shape("conv.weight", List.of(16, 3, 1, 1)), Role.WEIGHT, 3, 16, 1);
    return context(0.5, false, List.of(convolution), Groups.ofUnits(List.of(), List.of()));
  }

  @Test
  void filterShrinking_withoutConvolutions_isRefused() {
    assertThatThrownBy(() -> rule("filter-shrinking", 0.5))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("acts on filters, and this network has no convolutions");
  }

  /** The matrix of surgery.md, whose energies are .834, .991 and 1. */
  @Test
  void truncation_workedMatrix_keepsRank1Or2() {
    float[] ofRank1 = {3, 1, 1, 0, 1, 3, 0, 1, 2, 2, 1, 1};
    float[] ofRank2 = ofRank1.clone();
    float[] gradient = new float[12];

    truncate("energy = 80%", ofRank1, new float[12]);
    truncate("energy = 90%, strength = 1", ofRank2, gradient);

    assertThat(ofRank1)
        .containsExactly(
            new float[] {
              1.946943f, 1.946943f, 0.657185f, 0.657185f, 1.946943f, 1.946943f, 0.657185f,
              0.657185f, 2.098453f, 2.098453f, 0.708327f, 0.708327f
            },
            within(1e-5f));
    assertThat(Arrays.copyOf(ofRank2, 8))
        .containsExactly(
            new float[] {
              2.946943f, 0.946943f, 1.157185f, 0.157185f, 0.946943f, 2.946943f, 0.157185f, 1.157185f
            },
            within(1e-5f));
    assertThat(gradient)
        .containsExactly(
            new float[] {
              0.823999f,
              -0.070428f,
              0.35079f,
              -0.096424f,
              -0.070428f,
              0.823999f,
              -0.096424f,
              0.35079f,
              0.406107f,
              0.406107f,
              0.13708f,
              0.13708f
            },
            within(1e-5f));
  }

  private static void truncate(String keys, float[] weight, float[] gradient) {
    StepRule rule = rule("truncation, every = 1, " + keys, context(0, true));
    Step step = step(0, 0.1, weight(weight, gradient, 3, 4));
    rule.afterBackward(step);
    rule.afterUpdate(step);
  }

  @Test
  void truncation_underMasksOfWeights_isRefused() {
    assertThatThrownBy(() -> rule("truncation", 0.5))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("which masks of single weights undo");
    assertThat(rule("truncation", context(0.5, false))).isNotNull();
  }
}
