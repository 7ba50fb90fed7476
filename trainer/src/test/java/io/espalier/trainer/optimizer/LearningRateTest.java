package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.Span;
import io.espalier.configs.train.LearningRateConfig;
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
}
