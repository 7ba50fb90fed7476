package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.Span;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  @Test
  void constant_anyStep_staysTheSame() {
    LearningRate rate = LearningRate.of(new LearningRateConfig.Constant(0.3), 100, 10);

    assertThat(rate.at(0)).isEqualTo(0.3);
    assertThat(rate.at(99)).isEqualTo(0.3);
  }

  @Test
  void step_everyTwoEpochs_dropsByTheFactor() {
    LearningRate rate =
        LearningRate.of(new LearningRateConfig.Step(0.8, new Span.Epochs(2), 0.5), 100, 10);

    assertThat(rate.at(0)).isEqualTo(0.8);
    assertThat(rate.at(19)).isEqualTo(0.8);
    assertThat(rate.at(20)).isEqualTo(0.4);
    assertThat(rate.at(40)).isEqualTo(0.2);
    assertThat(rate.at(99)).isEqualTo(0.05);
  }

  @Test
  void cosine_withoutWarmUp_fallsFromInitialTowardsFinal() {
    LearningRate rate =
        LearningRate.of(new LearningRateConfig.Cosine(0.5, 0.1, new Span.Steps(0)), 100, 10);

    assertThat(rate.at(0)).isEqualTo(0.5);
    assertThat(rate.at(25)).isCloseTo(0.3 + 0.2 * Math.sqrt(0.5), CLOSE);
    assertThat(rate.at(50)).isCloseTo(0.3, CLOSE);
    assertThat(rate.at(99)).isCloseTo(0.100_098_687_9, within(1e-9));
  }

  @Test
  void cosine_withWarmUp_risesToInitialFirst() {
    LearningRate rate =
        LearningRate.of(new LearningRateConfig.Cosine(0.5, 0, new Span.Steps(10)), 110, 10);

    assertThat(rate.at(0)).isCloseTo(0.05, CLOSE);
    assertThat(rate.at(4)).isCloseTo(0.25, CLOSE);
    assertThat(rate.at(9)).isCloseTo(0.5, CLOSE);
    assertThat(rate.at(10)).isCloseTo(0.5, CLOSE);
    assertThat(rate.at(60)).isCloseTo(0.25, CLOSE);
  }

  @Test
  void constantAndStep_withWarmUp_riseFirst() {
    Span ten = new Span.Percent(10);
    LearningRate constant = LearningRate.of(new LearningRateConfig.Constant(0.3, ten), 100, 10);
    LearningRate step =
        LearningRate.of(
            new LearningRateConfig.Step(0.8, new Span.Epochs(2), 0.5, new Span.Steps(30)), 100, 10);

    assertThat(constant.at(0)).isCloseTo(0.03, CLOSE);
    assertThat(constant.at(8)).isCloseTo(0.27, CLOSE);
    assertThat(constant.at(9)).isEqualTo(0.3);
    assertThat(constant.at(99)).isEqualTo(0.3);
    assertThat(step.at(14)).isCloseTo(0.4, CLOSE);
    assertThat(step.at(20)).isCloseTo(0.4 * 21 / 30, CLOSE);
    assertThat(step.at(29)).isCloseTo(0.4, CLOSE);
    assertThat(step.at(40)).isCloseTo(0.2, CLOSE);
  }

  @Test
  void oneCycle_aHundredSteps_takesTheWorkedRates() {
    LearningRate rate =
        LearningRate.of(
            new LearningRateConfig.OneCycle(0.1, 100, 1e4, new Span.Percent(10)), 100, 10);

    Map.of(
            0L,
            0.001,
            3L,
            0.02575,
            9L,
            0.1,
            30L,
            0.08715725,
            54L,
            0.05000005,
            80L,
            0.01059955,
            99L,
            1e-7)
        .forEach((step, expected) -> assertThat(rate.at(step)).isCloseTo(expected, within(5e-9)));
    assertThat(rate.at(99)).isCloseTo(1e-7, CLOSE);
  }

  @Test
  void oneCycle_withoutWarmUp_startsAtItsPeak() {
    LearningRate rate =
        LearningRate.of(new LearningRateConfig.OneCycle(0.1, 1, 1, new Span.Steps(0)), 100, 10);
    LearningRate falling =
        LearningRate.of(new LearningRateConfig.OneCycle(0.1, 10, 10, new Span.Steps(0)), 100, 10);

    assertThat(rate.at(0)).isCloseTo(0.1, CLOSE);
    assertThat(rate.at(70)).isCloseTo(0.1, CLOSE);
    assertThat(falling.at(0)).isCloseTo(0.1, CLOSE);
    assertThat(falling.at(99)).isCloseTo(0.001, CLOSE);
  }

  @Test
  void oneCycle_warmUpOfTheWholeRun_endsAtItsPeak() {
    LearningRate rate =
        LearningRate.of(
            new LearningRateConfig.OneCycle(0.1, 25, 1e4, new Span.Percent(100)), 100, 10);

    assertThat(rate.at(0)).isCloseTo(0.004, CLOSE);
    assertThat(rate.at(99)).isCloseTo(0.1, CLOSE);
  }

  @Test
  void warmUp_longerThanTheRun_isRefused() {
    LearningRateConfig tooLong = new LearningRateConfig.Cosine(0.1, 0, new Span.Steps(101));

    assertThatThrownBy(() -> LearningRate.of(tooLong, 100, 10))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "train.learning-rate.warm-up: warm-up must not be longer than the run of 100 steps:"
                + " warm-up=101 steps");
  }
}
