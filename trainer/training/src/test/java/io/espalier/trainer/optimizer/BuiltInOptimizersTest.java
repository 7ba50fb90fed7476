package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.update.UpdateRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of {@code rmsprop}, {@code adagrad}, {@code lion} and {@code lamb} worked by hand. */
class BuiltInOptimizersTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  static OptimizerConfig config(String keys) {
    return new RecipeLoader()
        .parse(
            "my.conf",
            "data = digits, model = lenet-5\ntrain.optimizer { kind = " + keys + " }",
            List.of())
        .config()
        .train()
        .step()
        .optimizer();
  }

  private static Optimizer optimizer(String keys) {
    return optimizer(keys, HiddenWeights.PLAIN);
  }

  private static Optimizer optimizer(String keys, HiddenWeights hidden) {
    return Optimizer.of(config(keys), hidden, Optional.empty());
  }

  /** s = .25 · 4² = 4, the root 2, so w = 1 − .1 · 4 / 2; then s = 3 + .25 · 2² = 4. */
  @Test
  void rmsprop_twoSteps_divideByTheRootMeanSquare() {
    Optimizer rmsprop = optimizer("rmsprop, alpha = 0.75");
    Tensor tensor = Tensor.of(rmsprop, 1, -2);

    rmsprop.step(List.of(tensor.with(4, 0)), 0, 0.1);

    assertThat(rmsprop.moments()).isEqualTo(1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {4, 0}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.8f, -2}, CLOSE);

    rmsprop.step(List.of(tensor.with(2, -4)), 1, 0.1);

    assertThat(tensor.moment(0)).containsExactly(new float[] {4, 4}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.7f, -1.8f}, CLOSE);
  }

  /** Divided gradients are 4 / 2 = 2 and 2 / 2 = 1; the velocity is 2, then .5 · 2 + 1. */
  @Test
  void rmsprop_withMomentum_movesByTheVelocityOfDividedGradients() {
    Optimizer rmsprop = optimizer("rmsprop, alpha = 0.75, momentum = 0.5");
    Tensor tensor = Tensor.of(rmsprop, 1);

    rmsprop.step(List.of(tensor.with(4)), 0, 0.1);
    rmsprop.step(List.of(tensor.with(2)), 1, 0.1);

    assertThat(rmsprop.moments()).isEqualTo(2);
    assertThat(tensor.moment(0)).containsExactly(new float[] {2}, CLOSE);
    assertThat(tensor.moment(1)).containsExactly(new float[] {4}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.6f}, CLOSE);
  }

  /** The sum is 9, then 9 + 16 = 25: steps of .1 · 3 / 3 and .1 · 4 / 5. */
  @Test
  void adagrad_twoSteps_divideByTheRootOfAllSquares() {
    Optimizer adagrad = optimizer("adagrad");
    Tensor tensor = Tensor.of(adagrad, 1, 1);

    adagrad.step(List.of(tensor.with(3, -20)), 0, 0.1);
    assertThat(tensor.weights()).containsExactly(new float[] {0.9f, 1.1f}, CLOSE);

    adagrad.step(List.of(tensor.with(4, 0)), 1, 0.1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {25, 400}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.82f, 1.1f}, CLOSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rmsprop, alpha = 0.75", "adagrad"})
  void weightDecay_ofDividedGradients_isPartOfThem(String keys) {
    Optimizer optimizer = optimizer(keys + ", weight-decay = 0.5");
    Tensor matrix = Tensor.of(optimizer, 4);
    Tensor bias = Tensor.of(optimizer, 4).ofRankOne();

    optimizer.step(List.of(matrix.with(0), bias.with(0)), 0, 0.1);

    assertThat(matrix.moment(0)[0]).isGreaterThanOrEqualTo(1);
    assertThat(matrix.weights()[0]).isLessThan(3.95f);
    assertThat(bias.weights()).containsExactly(4);
  }

  /** c = .5 · 1 = .5, m = .25; then c = .5 · .25 − .5 · .5 and m = .75 · .25 − .25 · .5. */
  @Test
  void lion_twoSteps_moveByTheRateAlongTheSign() {
    Optimizer lion = optimizer("lion, beta1 = 0.5, beta2 = 0.75");
    Tensor tensor = Tensor.of(lion, 1, -2, 3);

    lion.step(List.of(tensor.with(1, -1000, 0)), 0, 0.1);

    assertThat(lion.moments()).isEqualTo(1);
    assertThat(tensor.moment(0)).containsExactly(new float[] {0.25f, -250, 0}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {0.9f, -1.9f, 3}, CLOSE);

    lion.step(List.of(tensor.with(-0.5f, 1, 0)), 1, 0.1);

    assertThat(tensor.moment(0)).containsExactly(new float[] {0.0625f, -187.25f, 0}, CLOSE);
    assertThat(tensor.weights()).containsExactly(new float[] {1, -1.8f, 3}, CLOSE);
  }

  @Test
  void weightDecay_ofLion_isDecoupled() {
    Optimizer lion = optimizer("lion, weight-decay = 0.2");
    Tensor matrix = Tensor.of(lion, 1, 3);
    Tensor bias = Tensor.of(lion, 1, 3).ofRankOne();

    lion.step(List.of(matrix.with(0.5f, 0), bias.with(0.5f, 0)), 0, 0.1);

    assertThat(matrix.weights()).containsExactly(new float[] {0.88f, 2.94f}, CLOSE);
    assertThat(bias.weights()).containsExactly(new float[] {0.9f, 3}, CLOSE);
    assertThat(matrix.moment(0)).isEqualTo(bias.moment(0));
  }

  /** u = (1, −1), ‖u‖ = √2; of (3, 4) the norm is 5, so that steps are .1 · 5 / √2 = .353553. */
  @Test
  void lamb_firstStep_isAsLongAsTheTensor() {
    Optimizer lamb = optimizer("lamb, epsilon = 1e-12");
    Tensor large = Tensor.of(lamb, 3, 4);
    Tensor small = Tensor.of(lamb, 0.3f, 0.4f);
    Tensor zero = Tensor.of(lamb, 0, 0);

    lamb.step(List.of(large.with(2, -9), small.with(2, -9), zero.with(2, -9)), 0, 0.1);

    assertThat(large.weights()).containsExactly(new float[] {2.646447f, 4.353553f}, CLOSE);
    assertThat(small.weights()).containsExactly(new float[] {0.2646447f, 0.4353553f}, CLOSE);
    assertThat(zero.weights()).containsExactly(new float[] {-0.1f, 0.1f}, CLOSE);
    assertThat(large.moment(0)).containsExactly(new float[] {0.2f, -0.9f}, CLOSE);
    assertThat(large.moment(1)).containsExactly(new float[] {0.004f, 0.081f}, CLOSE);
  }

  /** u = (1, 0) + .5 · (3, 4) = (2.5, 2), ‖u‖ = √10.25, so that w moves by .1 · 5 / ‖u‖ · u. */
  @Test
  void weightDecay_ofLamb_countsInTheRatio() {
    Optimizer lamb = optimizer("lamb, epsilon = 1e-12, weight-decay = 0.5");
    Tensor matrix = Tensor.of(lamb, 3, 4);
    Tensor bias = Tensor.of(lamb, 3, 4).ofRankOne();

    lamb.step(List.of(matrix.with(2, 0), bias.with(2, 0)), 0, 0.1);

    assertThat(matrix.weights()).containsExactly(new float[] {2.609566f, 3.687653f}, CLOSE);
    assertThat(bias.weights()).containsExactly(new float[] {2.5f, 4}, CLOSE);
  }

  /** The ratio is that of all 1,000 weights, ‖w‖ = √1000 and ‖u‖ = √2. */
  @Test
  void lamb_ofATensorLargerThanAPiece_seesAllOfIt() {
    Optimizer lamb = optimizer("lamb, epsilon = 1e-12");
    float[] weights = new float[1000];
    Arrays.fill(weights, 1);
    float[] gradient = new float[1000];
    gradient[0] = 3;
    gradient[999] = -3;
    Tensor tensor = Tensor.of(lamb, weights);

    lamb.step(List.of(tensor.with(gradient)), 0, 0.01);

    float step = (float) (0.01 * Math.sqrt(500));
    assertThat(tensor.weights()[0]).isCloseTo(1 - step, CLOSE);
    assertThat(tensor.weights()[999]).isCloseTo(1 + step, CLOSE);
    assertThat(tensor.weights()[1]).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "rmsprop, true, false",
    "'rmsprop, momentum = 0.9', true, true",
    "adagrad, true, false",
    "lion, true, true",
    "lamb, false, true"
  })
  void rule_ofEachOptimizer_saysWhatItIs(String keys, boolean elementwise, boolean momentum) {
    UpdateRule rule = UpdateRule.of(config(keys));

    assertThat(rule.isElementwise()).isEqualTo(elementwise);
    assertThat(rule.hasMomentum()).isEqualTo(momentum);
    assertThat(rule.isDecoupled()).isEqualTo(keys.startsWith("l"));
    assertThat(optimizer(keys).isBuiltIn()).isTrue();
  }

  /** The mean square after gradients of 4 and 2 is 4 and hidden weights keep it: no velocity. */
  @Test
  void hiddenWeight_withoutMomentum_keepsItsMeanSquare() {
    HiddenWeights hidden = new HiddenWeights(0, 1, false);
    for (String momentum : List.of("0", "0.5")) {
      Optimizer rmsprop = optimizer("rmsprop, alpha = 0.75, momentum = " + momentum, hidden);
      Tensor tensor = Tensor.of(rmsprop, 1).seenThrough(0);

      rmsprop.step(List.of(tensor.with(4)), 0, 0.1);
      rmsprop.step(List.of(tensor.with(2)), 1, 0.1);

      assertThat(tensor.weights()).containsExactly(new float[] {0.7f}, CLOSE);
      assertThat(tensor.moment(rmsprop.moments() - 1)).containsExactly(new float[] {4}, CLOSE);
    }
  }

  /** Pieces end at other weights where a tensor holds others in front: bits stay the same. */
  @ParameterizedTest
  @ValueSource(strings = {"rmsprop", "rmsprop, momentum = 0.9", "adagrad", "lion"})
  void elementwise_inOtherPieces_givesEqualBits(String keys) {
    Optimizer optimizer = optimizer(keys + ", weight-decay = 0.01");
    int size = 700;
    int before = 333;
    float[] weights = values(size, 1);
    float[] later = new float[before + size];
    System.arraycopy(weights, 0, later, before, size);
    Tensor tensor = Tensor.of(optimizer, weights);
    Tensor shifted = Tensor.of(optimizer, later);

    for (int step = 0; step < 5; step++) {
      float[] gradient = values(size, 10 + step);
      float[] padded = new float[before + size];
      System.arraycopy(gradient, 0, padded, before, size);
      optimizer.step(List.of(tensor.with(gradient), shifted.with(padded)), step, 0.01);
    }

    for (int i = 0; i < size; i++) {
      assertThat(Float.floatToRawIntBits(shifted.weights()[before + i]))
          .isEqualTo(Float.floatToRawIntBits(tensor.weights()[i]));
    }
  }

  private static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rmsprop, alpha = 0.99, epsilon = 1e-8, momentum = 0, weight-decay = 0 | rmsprop",
        "adagrad, epsilon = 1e-10, weight-decay = 0 | adagrad",
        "lion, beta1 = 0.9, beta2 = 0.99, weight-decay = 0 | lion",
        "lamb, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6, weight-decay = 0 | lamb",
      })
  void defaults_areThoseOfReferenceConf(String keys, String name) {
    assertThat(config(keys)).isEqualTo(config(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rmsprop, alpha = 1 | alpha: alpha must be at least 0 and below 1: alpha=1",
        "rmsprop, epsilon = 0 | epsilon: epsilon must be from 1e-16 to below 1: epsilon=0",
        "rmsprop, momentum = -1 | momentum: momentum must be at least 0 and below 1: momentum=-1",
        "adagrad, epsilon = 1 | epsilon: epsilon must be from 1e-16 to below 1: epsilon=1",
        "lion, beta1 = 1 | beta1: beta1 must be at least 0 and below 1: beta1=1",
        "lion, beta2 = -0.5 | beta2: beta2 must be at least 0 and below 1: beta2=-0.5",
        "lion, weight-decay = 2 | weight-decay: weight-decay must be from 0 to 1: weight-decay=2",
        "lamb, beta2 = 1 | beta2: beta2 must be at least 0 and below 1: beta2=1",
        "lamb, epsilon = 0 | epsilon: epsilon must be from 1e-16 to below 1: epsilon=0",
      })
  void recipe_withAKeyThatBreaksARule_isRefused(String keys, String problem) {
    assertThatThrownBy(() -> config(keys))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("my.conf:2: train.optimizer." + problem);
  }
}
