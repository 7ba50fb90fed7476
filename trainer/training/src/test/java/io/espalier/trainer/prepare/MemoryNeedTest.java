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
    long activations = 32 * 4 * (64 + 64 + 10 + 10 + 10 + 64 + 10);
    assertThat(need).isEqualTo(new MemoryNeed(2, 3 * weights, 2 * 4 * weights, 2 * activations, 0));
  }

  @Test
  void ofRecipe_withoutALookAtFiles_countsWhatIsKnown() {
    assertThat(ofRecipe("model={kind=mlp, hidden=[1000]}").state())
        .isEqualTo(2 * 4L * (64 * 1_000 + 1_000 + 1_000 * 2 + 2));
    assertThat(
            ofRecipe(
                    "model={kind=mlp, hidden=[1000]}",
                    "data={kind=csv, path=missing.csv, label=y, test=20%}")
                .state())
        .isEqualTo(2 * 4L * (1_000 + 1_000 + 1_000 * 2 + 2));
    assertThat(MemoryNeed.ofRecipe(config("model=null", "model={kind=onnx, file=missing.onnx}")))
        .isEmpty();
  }

  @Test
  void tokenizer_isCountedOnceInTheProcessOfAllTrainers() {
    String[] text = {
      "model=null",
      "model={kind=text-classifier, layers=1, features=16, heads=2}",
      "data={kind=labelled-text, context=8}",
      "train.trainers=2"
    };
    String[] tokenized = text.clone();
    tokenized[2] = "data={kind=labelled-text, context=8, vocabulary=missing.json}";

    assertThat(ofRecipe(text).tokenizer()).isZero();
    assertThat(ofRecipe(tokenized).tokenizer()).isEqualTo(128 * MEGABYTE);
    assertThat(ofRecipe(tokenized).megabytesPerTrainer())
        .isEqualTo(ofRecipe(text).megabytesPerTrainer() + 128 / 2);
  }

  @Test
  void megabytesPerTrainer_countsTheStatesOfASync() {
    long state = 10 * MEGABYTE;

    assertThat(new MemoryNeed(2, state, 98 * MEGABYTE, 2 * MEGABYTE, 0).megabytesPerTrainer())
        .isEqualTo((100 + 70) / 2 + 1);
    assertThat(new MemoryNeed(2, state, 26 * MEGABYTE, 2 * MEGABYTE, 0).megabytesPerTrainer())
        .isEqualTo((70 + 70) / 2 + 1);
  }

  @Test
  void require_whatDoesNotFit_namesTheLimitAndTheWayOut() {
    MemoryNeed need = new MemoryNeed(1, 100 * MEGABYTE, 300 * MEGABYTE, 0, 0);

    need.require(100 * MEGABYTE, 400 * MEGABYTE);
    assertThatThrownBy(() -> need.require(99 * MEGABYTE, 400 * MEGABYTE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("Java heap of 99 MB")
        .hasMessageContaining("take 100 MB at least; narrow the layers");
    assertThatThrownBy(() -> need.require(100 * MEGABYTE, 399 * MEGABYTE))
        .hasMessageContaining("memory of 399 MB: they take 400 MB at least");
    MemoryNeed batch = new MemoryNeed(2, 100 * MEGABYTE, 300 * MEGABYTE, 200 * MEGABYTE, 0);
    batch.require(100 * MEGABYTE, 600 * MEGABYTE);
    assertThatThrownBy(() -> batch.require(100 * MEGABYTE, 599 * MEGABYTE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.batch-size")
        .hasMessageContaining("activations of the batches=200 MB at least; take a smaller batch");
    assertThatThrownBy(() -> of("model.hidden=[30000, 30000]").require(1L << 40, 1L << 40))
        .hasMessageContaining("values and moments of all weights must take less than 2047 MB");
  }

  private static MemoryNeed of(String... settings) {
    RunConfig config = config(settings);
    return MemoryNeed.of(
        config, Network.of(config.model().architecture(), new ImageShape(1, 8, 8), 10));
  }

  private static MemoryNeed ofRecipe(String... settings) {
    return MemoryNeed.ofRecipe(config(settings)).orElseThrow();
  }

  private static RunConfig config(String... settings) {
    return new RecipeLoader().load("digits", List.of(settings)).config();
  }
}
