package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void of_adamAndTwoTrainers_countsMomentsGradientsAndBiases() {
    MemoryNeed need = of("model.hidden=[10]", "train.optimizer=adam", "train.trainers=2");

    long weights = 4 * (64 * 10 + 10 + 10 * 10 + 10);
    assertThat(need).isEqualTo(new MemoryNeed(3 * weights, 2 * 4 * weights));
  }

  @Test
  void require_whatDoesNotFit_namesTheLimitAndTheWayOut() {
    MemoryNeed need = new MemoryNeed(100 * MEGABYTE, 300 * MEGABYTE);

    need.require(100 * MEGABYTE, 400 * MEGABYTE);
    assertThatThrownBy(() -> need.require(99 * MEGABYTE, 400 * MEGABYTE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("Java heap of 99 MB")
        .hasMessageContaining("take 100 MB at least; narrow the layers");
    assertThatThrownBy(() -> need.require(100 * MEGABYTE, 399 * MEGABYTE))
        .hasMessageContaining("memory of 399 MB: they take 400 MB at least");
    assertThatThrownBy(() -> of("model.hidden=[30000, 30000]").require(1L << 40, 1L << 40))
        .hasMessageContaining("values and moments of all weights must take less than 2047 MB");
  }

  private static MemoryNeed of(String... settings) {
    RunConfig config = new RecipeLoader().load("digits", List.of(settings)).config();
    return MemoryNeed.of(
        config, Network.of(config.model().architecture(), new ImageShape(1, 8, 8), 10));
  }
}
