package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.model.Predictor.Prediction;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels for colour images whose channels come last, and of which one channel is brighter. */
final class IdxPredictorTest {
  private static final int SIDE = 3;
  private static final int CHANNELS = 3;
  private static final int COUNT = 400;
  private static final String TEST_IMAGES = "t10k-images-idx4-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  @TempDir private Path directory;

  private record Trained(LoadedModel model, FinishedRun run) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"'' | 3,7,26 | 3,7,26", "red, green, blue | 0,1,2 | red,green,blue"})
  void predict_testFilesOfTheRun_isRightAsOftenAsItsEvaluation(
      String classes, String labels, String names) throws IOException {
    Trained trained = train(classes, numbers(labels));

    List<Prediction> predictions = predict(trained.model());

    assertThat(predictions).hasSize(COUNT);
    assertThat(predictions.stream().filter(Prediction::isCorrect).count())
        .isEqualTo(trained.run().test().correct())
        .isGreaterThan(COUNT * 8 / 10);
    assertThat(predictions.stream().map(Prediction::actual).flatMap(Optional::stream).distinct())
        .containsExactlyInAnyOrder(names.split(","));
  }

  @Test
  void predict_labelOfNoClass_isRefused() throws IOException {
    LoadedModel model = train("", 3, 7, 26).model();
    write(TEST_IMAGES, TEST_LABELS, 2, 5, 5, 5);

    assertThatThrownBy(() -> predict(model))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "INPUT: a label must be one of the network's 3 classes: row=1, label=5");
  }

  private Trained train(String classes, int... numbers) throws IOException {
    write("train-images-idx4-ubyte", "train-labels-idx1-ubyte", 1, numbers);
    write(TEST_IMAGES, TEST_LABELS, 2, numbers);
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "colours.conf",
                """
                data { kind = idx, path = "%s", channels = last, classes = [%s], batch-size = 20 }
                model { kind = mlp, hidden = [8] }
                train { epochs = 2 }
                prune { sparsity = 20%% }
                """
                    .formatted(directory, classes),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());
    return new Trained(ModelFile.read(file).load(recipe.config()), finished);
  }

  private static int[] numbers(String labels) {
    return Arrays.stream(labels.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private List<Prediction> predict(LoadedModel model) throws IOException {
    List<Prediction> predictions = new ArrayList<>();
    Predictor.predict(
        model,
        new InputFile(
            directory.resolve(TEST_IMAGES),
            "INPUT",
            Optional.of(directory.resolve(TEST_LABELS).toString())),
        1,
        predictions::add);
    return predictions;
  }

  private void write(String images, String labels, long seed, int... numbers) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[COUNT * SIDE * SIDE * CHANNELS];
    byte[] classes = new byte[COUNT];
    for (int example = 0; example < COUNT; example++) {
      int bright = random.nextInt(CHANNELS);
      classes[example] = (byte) numbers[bright];
      for (int i = 0; i < SIDE * SIDE * CHANNELS; i++) {
        int pixel = random.nextInt(128) + (i % CHANNELS == bright ? 60 : 0);
        pixels[example * SIDE * SIDE * CHANNELS + i] = (byte) pixel;
      }
    }
    IdxBytes.write(
        directory.resolve(images),
        IdxBytes.of(0x804, new int[] {COUNT, SIDE, SIDE, CHANNELS}, pixels));
    IdxBytes.write(directory.resolve(labels), IdxBytes.of(0x801, new int[] {COUNT}, classes));
  }
}
