package io.espalier.trainer.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupLassoTest {
  private static final StepRuleContext CONTEXT = RuleFixture.context(0.5, true);
  private static final List<Integer> ROWS = List.of(3, 2);

  private final float[] gradient = new float[24];

  private static TrainConfig train(String rule) {
    return new RecipeLoader()
        .parse(
            "my.conf",
            "data = digits, model = lenet-5\ntrain.rules = [{ kind = group-lasso" + rule + " }]",
            List.of())
        .config()
        .train();
  }

  private static StepRule rule(String keys) {
    return StepRules.of(train(keys).step().rules(), CONTEXT).get(0);
  }

  private TrainedParameter parameter(float[] weight, List<Integer> shape) {
    return new TrainedParameter(
        new ParameterShape(new ParameterId("fc1.weight"), shape),
        Role.WEIGHT,
        0,
        FloatBuffer.wrap(weight),
        FloatBuffer.wrap(gradient),
        Optional.of(Mask.allKept(weight.length)));
  }

  private static void update(StepRule rule, double rate, TrainedParameter... parameters) {
    rule.afterUpdate(new Step(0, rate, 0, List.of(parameters)));
  }

  @Test
  void proximal_workedRows_shrinkByTheThresholdAndEndAtExactly0() {
    float[] weight = {3, 4, 0, 0, 1, 0};

    update(rule(", strength = 4, scale-by-size = false"), 0.5, parameter(weight, ROWS));

    assertThat(weight).containsExactly(new float[] {1.8f, 2.4f, 0, 0, 0, 0}, within(1e-6f));
    assertThat(List.of(weight[4], weight[5])).containsExactly(0f, 0f);
  }

  /** √2 · √2 = 2, the same threshold; the norms of the columns are √10 and 4, times √3. */
  @Test
  void proximal_sizedGroups_shrinkByTheRootOfTheirSize() {
    float[] rows = {3, 4, 0, 0, 1, 0};
    float[] columns = {3, 4, 0, 0, 1, 0};

    update(rule(", strength = 1.4142135"), 1, parameter(rows, ROWS));
    update(rule(", strength = 1, axis = inputs"), 1, parameter(columns, ROWS));

    assertThat(rows).containsExactly(new float[] {1.8f, 2.4f, 0, 0, 0, 0}, within(1e-5f));
    float first = (float) (1 - Math.sqrt(3) / Math.sqrt(10));
    float second = (float) (1 - Math.sqrt(3) / 4);
    assertThat(columns)
        .containsExactly(new float[] {3 * first, 4 * second, 0, 0, first, 0}, within(1e-5f));
  }

  /** Filters {@code [2, 3, 2, 2]}: the input channel 1 is units 4–7 and 16–19. */
  @Test
  void proximal_inputsOfFilters_areOneGroupOverAllOutputs() {
    float[] weight = new float[24];
    Arrays.fill(weight, 10);
    for (int i = 0; i < 4; i++) {
      weight[4 + i] = 0.1f;
      weight[16 + i] = 0.1f;
    }

    update(rule(", strength = 0.2, axis = inputs"), 1, parameter(weight, List.of(2, 3, 2, 2)));

    for (int unit = 0; unit < 24; unit++) {
      boolean second = unit / 4 % 3 == 1;
      assertThat(weight[unit]).isCloseTo(second ? 0 : 9.8f, within(1e-5f));
    }
  }

  @ParameterizedTest
  @CsvSource({"outputs, true", "outputs, false", "inputs, true", "inputs, false"})
  void gradient_ofAnyGroups_isTheFiniteDifferenceOfThePenalty(String axis, boolean sized) {
    float[] weight = {3, 4, -0.5f, 0.25f, 1, 2};
    String keys =
        ", strength = 0.3, step = gradient, axis = %s, scale-by-size = %s".formatted(axis, sized);

    rule(keys).afterBackward(new Step(0, 0.7, 0, List.of(parameter(weight, ROWS))));

    for (int unit = 0; unit < weight.length; unit++) {
      double rise =
          penalty(weight, unit, 1e-5, axis, sized) - penalty(weight, unit, -1e-5, axis, sized);
      assertThat((double) gradient[unit]).isCloseTo(0.3 * rise / 2e-5, within(1e-6));
    }
  }

  @Test
  void gradient_workedRow_isItsDirectionAnd0At0() {
    float[] weight = {3, 4, 0, 0, 1, 0};

    rule(", strength = 1, step = gradient, scale-by-size = false")
        .afterBackward(new Step(0, 1, 0, List.of(parameter(weight, ROWS))));

    assertThat(gradient).startsWith(.6f, .8f, 0, 0, 1, 0);
    assertThat(penalty(weight, 0, 0, "outputs", false)).isEqualTo(6);
  }

  @Test
  void rule_outsideOfItsSpanAndOnBiases_leavesAllAlone() {
    float[] weight = {3, 4, 0, 0, 1, 0};
    float[] before = weight.clone();
    TrainedParameter parameter = parameter(weight, ROWS);
    TrainedParameter bias =
        new TrainedParameter(
            parameter.shape(),
            Role.BIAS,
            1,
            parameter.weight(),
            parameter.gradient(),
            Optional.empty());
    StepRule rule = rule(", strength = 1, begin = 20%, end = 3 epochs");

    for (long step : new long[] {0, 19, 30, 99}) {
      rule.afterUpdate(new Step(step, 1, 0, List.of(parameter)));
    }
    rule.afterUpdate(new Step(20, 1, 0, List.of(bias)));

    assertThat(weight).containsExactly(before);
    rule.afterUpdate(new Step(29, 1, 0, List.of(parameter)));
    assertThat(weight[0]).isLessThan(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", strength = 0 | strength: strength must be above 0, at most 1000: strength=0",
        ", strength = 1, axis = rows | axis: axis must be outputs or inputs: axis=\"rows\"",
        ", strength = 1, step = prox | step: step must be proximal or gradient: step=\"prox\"",
      })
  void recipe_withAKeyThatBreaksARule_isRefused(String keys, String problem) {
    assertThatThrownBy(() -> train(keys))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("my.conf:2: train.rules[0]." + problem);
  }

  @Test
  void create_aSpanThatNeverActs_isRefused() {
    assertThatThrownBy(() -> rule(", strength = 1, begin = 50%, end = 2 epochs"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("begin=50.0% (step 50), end=2.0 epochs (step 20)");
  }

  @Test
  void defaults_areThoseOfReferenceConf() {
    assertThat(
            train(
                ", strength = 1, axis = outputs, step = proximal, scale-by-size = true, begin = 0%, end ="
                    + " 100%"))
        .isEqualTo(train(", strength = 1"));
    assertThat(train(", strength = 1e-4")).isEqualTo(train(""));
    assertThat(train(", strength = 1").step().rules())
        .extracting(MemberSettings::name)
        .containsExactly("group-lasso");
  }

  private static double penalty(float[] weight, int moved, double by, String axis, boolean sized) {
    boolean rows = axis.equals("outputs");
    double penalty = 0;
    for (int group = 0; group < (rows ? 3 : 2); group++) {
      double squares = 0;
      for (int i = 0; i < (rows ? 2 : 3); i++) {
        int unit = rows ? group * 2 + i : i * 2 + group;
        double value = weight[unit] + (unit == moved ? by : 0);
        squares += value * value;
      }
      penalty += Math.sqrt(squares) * (sized ? Math.sqrt(rows ? 2 : 3) : 1);
    }
    return penalty;
  }
}
