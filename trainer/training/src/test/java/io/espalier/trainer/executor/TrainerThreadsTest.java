package io.espalier.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainerThreadsTest {
  @BeforeEach
  void limit() {
    System.setProperty(TrainerThreads.CORES, "6");
  }

  @AfterEach
  void forget() {
    System.clearProperty(TrainerThreads.CORES);
  }

  private static RunConfig config(String recipe, String... overrides) {
    return new RecipeLoader().load(recipe, List.of(overrides)).config();
  }

  @ParameterizedTest
  @CsvSource({"1, 6", "2, 3", "4, 1", "9, 1"})
  void auto_dividesTheCores_amongTheTrainers(int trainers, int threads) {
    RunConfig config = config("digits", "train.trainers=" + trainers, "train.threads=auto");

    assertThat(TrainerThreads.of(config)).isEqualTo(threads);
  }

  @Test
  void auto_isOneThread_onADevice() {
    assertThat(TrainerThreads.of(config("fed-digits"))).isEqualTo(1);
  }

  @Test
  void number_isTaken() {
    RunConfig config = config("digits", "train.trainers=4", "train.threads=5");

    assertThat(TrainerThreads.of(config)).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"0", "65", "many"})
  void wrongNumber_isRefused(String threads) {
    assertThatThrownBy(() -> config("digits", "train.threads=" + threads))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("threads")
        .hasMessageContaining(threads);
  }
}
