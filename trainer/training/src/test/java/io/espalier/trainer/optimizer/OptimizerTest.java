package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.optimizer.SecondImplementation.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer against a second implementation, with masks, clipping and both decays. */
class OptimizerTest {
  private static final int STEPS = 40;
  private static final int[] SIZES = {700, 3, 512};

  static Stream<Arguments> optimizers() {
    return Stream.of(
            new OptimizerConfig.Sgd(0, 0.01),
            new OptimizerConfig.Sgd(0.9, 0.01),
            new OptimizerConfig.Sgd(0.8, true, 0.01),
            new OptimizerConfig.Adam(0.9, 0.99, 1e-4, 0.01),
            new OptimizerConfig.AdamW(0.8, 0.95, 1e-4, 0.2),
            BuiltInOptimizersTest.config(
                "rmsprop, alpha = 0.9, epsilon = 1e-4, weight-decay = 0.01"),
            BuiltInOptimizersTest.config("rmsprop, epsilon = 1e-4, momentum = 0.8"),
            BuiltInOptimizersTest.config("adagrad, epsilon = 1e-4, weight-decay = 0.01"),
            BuiltInOptimizersTest.config("lion, beta1 = 0.8, weight-decay = 0.2"),
            BuiltInOptimizersTest.config("lamb, epsilon = 1e-4, weight-decay = 0.2"))
        .flatMap(
            config ->
                Stream.of(
                    Arguments.of(config, HiddenWeights.PLAIN, Optional.empty()),
                    Arguments.of(config, HiddenWeights.decayed(0.03), Optional.of(2.0)),
                    Arguments.of(config, HiddenWeights.decayed(0.03), Optional.of(1e6)),
                    Arguments.of(config, new HiddenWeights(0.03, 0.1, true), Optional.of(2.0)),
                    Arguments.of(config, new HiddenWeights(0.03, 1, false), Optional.of(2.0)),
                    Arguments.of(config, new HiddenWeights(0, 0.3, false), Optional.empty())));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void steps_withMasks_followASecondImplementation(
      OptimizerConfig config, HiddenWeights hidden, Optional<Double> clipNorm) {
    Optimizer optimizer = Optimizer.of(config, hidden, clipNorm);
    SecondImplementation oracle = new SecondImplementation(config, hidden, clipNorm);
    SplittableRandom random = new SplittableRandom(3);
    List<Tensor> tensors = new ArrayList<>();
    List<Unit> units = new ArrayList<>();
    for (int kind = 0; kind < SIZES.length; kind++) {
      List<Unit> own = SecondImplementation.units(SIZES[kind]);
      tensors.add(tensor(optimizer, own, kind, random));
      units.addAll(own);
    }

    for (int step = 0; step < STEPS; step++) {
      double rate = 0.02 / (step + 1);
      optimizer.step(withGradients(tensors, units, random), step, rate);
      oracle.step(units, step + 1, rate);
    }

    assertSame(tensors, units, !hidden.momentum() && oracle.hasMomentum());
  }

  @Test
  void hiddenWeight_withATenthOfItsGradient_movesATenth() {
    Optimizer sgd =
        Optimizer.of(
            new OptimizerConfig.Sgd(0, 0), new HiddenWeights(0, 0.1, true), Optional.empty());
    Tensor tensor = Tensor.of(sgd, 1, 1).seenThrough(1, 0);

    sgd.step(List.of(tensor.with(2, 2)), 0, 0.25);

    assertThat(tensor.weights()).containsExactly(new float[] {0.5f, 0.95f}, within(1e-6f));
  }

  /** Kept: v = 2, then 0.9 · 2 + 4 = 5.8. Hidden: 2, then 4. */
  @Test
  void hiddenWeight_withoutMomentum_movesByThePresentGradient() {
    Optimizer sgd =
        Optimizer.of(
            new OptimizerConfig.Sgd(0.9, 0), new HiddenWeights(0, 1, false), Optional.empty());
    Tensor tensor = Tensor.of(sgd, 1, 1).seenThrough(1, 0);

    sgd.step(List.of(tensor.with(2, 2)), 0, 0.1);
    sgd.step(List.of(tensor.with(4, 4)), 1, 0.1);

    assertThat(tensor.weights()).containsExactly(new float[] {0.22f, 0.4f}, within(1e-6f));
    assertThat(tensor.moment(0)).containsExactly(new float[] {5.8f, 0}, within(1e-6f));
  }

  /** The second moment after gradients of 1 and 2 is .0499, corrected .0499 / .0199 = 1.58352². */
  @Test
  void hiddenWeight_withoutMomentumUnderAdam_dividesThePresentGradient() {
    Optimizer adam =
        Optimizer.of(
            new OptimizerConfig.Adam(0.9, 0.99, 1e-8, 0),
            new HiddenWeights(0, 1, false),
            Optional.empty());
    Tensor tensor = Tensor.of(adam, 1).seenThrough(0);

    adam.step(List.of(tensor.with(1)), 0, 0.1);
    adam.step(List.of(tensor.with(2)), 1, 0.1);

    assertThat(tensor.weights()).containsExactly(new float[] {0.9f - 0.126301f}, within(1e-6f));
    assertThat(tensor.moment(0)).containsExactly(0f);
    assertThat(tensor.moment(1)).containsExactly(new float[] {.0499f}, within(1e-6f));
  }

  @Test
  void views_ofDifferentSizes_areRefused() {
    Optimizer optimizer =
        Optimizer.of(new OptimizerConfig.Sgd(0.9, 0), HiddenWeights.PLAIN, Optional.empty());

    assertThatThrownBy(() -> Tensor.of(optimizer, 1, 2).masked(1).with(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("all views must be of the weight's size: size=2");
  }

  /** Of kind 0 a third is pruned, kind 1 is a dense bias, of kind 2 half is hidden but learns. */
  private static Tensor tensor(
      Optimizer optimizer, List<Unit> units, int kind, SplittableRandom random) {
    float[] weight = new float[units.size()];
    float[] mask = new float[units.size()];
    for (int i = 0; i < weight.length; i++) {
      Unit unit = units.get(i);
      unit.tensor = kind;
      unit.pruned = kind == 0 && random.nextInt(3) == 0;
      unit.hidden = kind == 2 && random.nextBoolean();
      unit.decays = kind != 1;
      mask[i] = unit.pruned || unit.hidden ? 0 : 1;
      weight[i] = unit.pruned ? 0 : (float) random.nextDouble(-1, 1);
      unit.w = weight[i];
    }
    Tensor tensor = Tensor.of(optimizer, weight);
    return switch (kind) {
      case 0 -> tensor.masked(mask);
      case 1 -> tensor.ofRankOne();
      default -> tensor.seenThrough(mask);
    };
  }

  private static List<ParameterArrays> withGradients(
      List<Tensor> tensors, List<Unit> units, SplittableRandom random) {
    List<ParameterArrays> parameters = new ArrayList<>();
    int next = 0;
    for (Tensor tensor : tensors) {
      float[] gradient = new float[tensor.weights().length];
      for (int i = 0; i < gradient.length; i++) {
        Unit unit = units.get(next++);
        gradient[i] = (float) (unit.w + random.nextDouble(-0.5, 0.5));
        unit.gradient = gradient[i];
      }
      parameters.add(tensor.with(gradient));
    }
    return parameters;
  }

  /** Hidden units may forget their first moment. */
  private static void assertSame(List<Tensor> tensors, List<Unit> units, boolean forget) {
    int next = 0;
    for (Tensor tensor : tensors) {
      for (int i = 0; i < tensor.weights().length; i++) {
        Unit unit = units.get(next++);
        assertThat(tensor.weights()[i]).isCloseTo((float) unit.w, within(2e-5f));
        double[] moments = {unit.first, unit.second};
        for (int slot = 0; slot < tensor.moments().size(); slot++) {
          float found = tensor.moment(slot)[i];
          assertThat(found).isCloseTo((float) moments[slot], within(2e-5f));
          boolean isForgotten = slot == 0 && unit.hidden && forget;
          assertThat(Float.floatToRawIntBits(found) == 0).isEqualTo(unit.pruned || isForgotten);
        }
        assertThat(Float.floatToRawIntBits(tensor.weights()[i]) == 0).isEqualTo(unit.pruned);
      }
    }
  }
}
