package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any framework in, any runtime out. */
class ImportedTrainingTest {
  private static final String RECIPE =
      """
      name = "imported"
      data { kind = digits, batch-size = 32 }
      model { kind = onnx, file = "%s" }
      train { epochs = 2, trainers = 2, sync-every = 5, learning-rate { kind = constant, initial = 0.02 } }
      prune { sparsity = 0.6, schedule { kind = one-shot, begin = 50%% }, mask { kind = hard }, granularity = %s }
      """;

  private static final String CHANNELS =
      "{ kind = channel, budget = macs, cut = live, settle = 5 }";
  private static final int EXAMPLES = 20;

  @TempDir private Path directory;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("LeNet-5", HandNetworks.leNet5(), "weight"),
        Arguments.of("LeNet-5", HandNetworks.leNet5(), CHANNELS),
        Arguments.of("ResNet", HandNetworks.resNet(), CHANNELS),
        Arguments.of("MobileNet", HandNetworks.mobileNet(), CHANNELS),
        Arguments.of("ShuffleNet", ClassicNetworks.shuffleNet(), CHANNELS),
        Arguments.of("AlexNet", ClassicNetworks.alexNet(), "weight"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void run_ofAnImportedNetwork_trainsIsPrunedOrCutAndLeavesAgain(
      String name, byte[] bytes, String granularity) throws IOException {
    // Given
    Path file = Files.write(directory.resolve("net.onnx"), bytes);
    ResolvedRecipe recipe =
        InitialValues.pinned(
            new RecipeLoader()
                .parse("imported.conf", RECIPE.formatted(file, granularity), List.of()));
    PreparedRun run = SampleRuns.prepare(recipe.config());

    // When
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path written = directory.resolve("model.safetensors");
    ModelFile.write(written, run, finished.committed(), recipe.text());
    Files.delete(file);

    // Then the model file alone is enough, and the runtime agrees with it
    StoredModel stored = ModelFile.read(written);
    LoadedModel model = stored.load(recipe.config());
    assertThat(model.evaluate(run.dataset())).isEqualTo(finished.test());
    if (granularity.equals(CHANNELS)) {
      assertThat(model.network().macs()).isBetween(1L, run.network().macs() / 2);
    } else {
      assertThat(stored.description().sparsity()).isEqualTo(0.6, within(0.01));
    }
    Examples test = run.dataset().test().normalisedBy(run.dataset().normalization());
    requireSameLogits(model, test.select(IntStream.range(0, EXAMPLES).toArray()));
  }

  private void requireSameLogits(LoadedModel model, Examples examples) throws IOException {
    float[] expected = model.infer(inference -> inference.logits(examples));
    Path exported = directory.resolve("out.onnx");
    OnnxExport.of(model).write(exported);
    float[] inputs = new float[EXAMPLES * examples.features()];
    int[] all = IntStream.range(0, EXAMPLES).toArray();
    examples.fill(all, 0, EXAMPLES, inputs, new int[EXAMPLES]);

    try (OnnxNetwork runtime = OnnxNetwork.load(exported)) {
      assertThat(runtime.run(inputs)).containsExactly(expected, within(2e-4f));
    }
  }
}
