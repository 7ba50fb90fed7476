package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallDenseTest {
  private static final ImageShape INPUT = new ImageShape(1, 28, 28);
  private static final ModelConfig.Architecture LENET = new ModelConfig.LeNet300100();

  @Test
  void modelFor_allWeights_isTheNetworkItself() {
    assertThat(SmallDense.modelFor(LENET, INPUT, 10, 266_200))
        .isEqualTo(new ModelConfig.Mlp(List.of(300, 100)));
  }

  @Test
  void modelFor_tenthOfTheWeights_scalesBothWidthsAlike() {
    ModelConfig.Mlp small = SmallDense.modelFor(LENET, INPUT, 10, 26_620);

    assertThat(small).isEqualTo(new ModelConfig.Mlp(List.of(33, 11)));
    assertThat(weights(small)).isEqualTo(784 * 33 + 33 * 11 + 11 * 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {795, 796, 1_600, 5_324, 13_310, 26_620, 50_000, 133_100, 266_199, 999_999})
  void modelFor_anyCount_equalsBruteForceOverFactors(long kept) {
    ModelConfig.Mlp small = SmallDense.modelFor(LENET, INPUT, 10, kept);

    assertThat(weights(small)).isLessThanOrEqualTo(kept).isEqualTo(bruteForce(kept));
  }

  @Test
  void modelFor_fewerWeightsThanWidthsOfOneNeed_isRefused() {
    assertThatThrownBy(() -> SmallDense.modelFor(LENET, INPUT, 10, 794))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("kept=794, needed=795");
  }

  @Test
  void modelFor_convolutionalNetwork_isRefused() {
    assertThatThrownBy(() -> SmallDense.modelFor(new ModelConfig.LeNet5(), INPUT, 10, 1000))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("kind=lenet-5");
  }

  /** The most weights within {@code kept} over a fine grid of factors that misses all halves. */
  private static long bruteForce(long kept) {
    long most = 0;
    for (int step = 0; step < 600_000; step++) {
      double factor = (step + 0.5) / 600_000;
      long first = Math.max(1, Math.round(300 * factor));
      long second = Math.max(1, Math.round(100 * factor));
      long weights = 784 * first + first * second + second * 10;
      most = weights <= kept ? Math.max(most, weights) : most;
    }
    return most;
  }

  private static long weights(ModelConfig.Architecture model) {
    return Network.of(model, INPUT, 10).parameters().stream()
        .filter(parameter -> parameter.role() == ParameterSpec.Role.WEIGHT)
        .mapToLong(parameter -> parameter.shape().size())
        .sum();
  }
}
