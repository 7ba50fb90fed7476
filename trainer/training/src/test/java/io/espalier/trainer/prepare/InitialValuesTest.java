package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network starts from, and what a user is told about a file that does not fit it. */
final class InitialValuesTest {
  private static final String TINY =
      "model { kind = mlp, hidden = [2], initial { kind = orthogonal, gain = 3 }, ";
  private static final ImageShape INPUT = new ImageShape(1, 1, 3);
  private static final InitialDraw DRAW =
      InitialDraw.of(MemberSettings.of("orthogonal").with("gain", 3.0), 42);

  @TempDir private Path directory;

  @Test
  void of_recipeWithoutWeights_isDrawn() {
    ResolvedRecipe recipe = recipe(TINY + "}");
    ParameterSpec last = network(recipe).parameters().get(3);

    List<float[]> values = InitialValues.of(recipe.config(), network(recipe));

    assertThat(values).hasSize(4);
    assertThat(values.get(2)).isEqualTo(DRAW.values(network(recipe).parameters().get(2), 2));
    assertThat(values.get(3)).isEqualTo(DRAW.values(last, 3));
  }

  @Test
  void of_fileOfOurNames_isTheFilesValues() throws IOException {
    Path file = write(tiny());

    assertThat(values(TINY + "weights = \"" + file + "\" }"))
        .containsExactly(
            new float[] {1, 2, 3, 4, 5, 6},
            new float[] {7, 8},
            new float[] {9, 10, 11, 12},
            new float[] {13, 14});
  }

  @Test
  void of_sparseFile_isTheDenseFilesValues() throws IOException {
    Map<String, StoredTensor> tensors = tiny();
    tensors.put("fc1.weight", floats(List.of(2, 3), 0, -0f, 3, 0, 0, 0));
    Safetensors sparse = SparseFile.packed(Path.of("dense"), new Safetensors(tensors, Map.of()));
    Path file = directory.resolve("sparse.safetensors");
    Safetensors.write(file, sparse.tensors(), sparse.metadata());

    assertThat(sparse.tensors()).containsKey("fc1.weight.mask");
    assertThat(values(TINY + "weights = \"" + file + "\" }").get(0))
        .isEqualTo(new float[] {0, -0f, 3, 0, 0, 0});
  }

  @Test
  void of_foreignNames_followsExactRulesBeforePatterns() throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("layers/1/kernel:0", floats(List.of(2, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("layers/1/b", floats(List.of(2), 7, 8));
    tensors.put("head.weight", floats(List.of(2, 2), 9, 10, 11, 12));
    tensors.put("head.bias", floats(List.of(2), 13, 14));
    tensors.put("bn.num_batches_tracked", StoredTensor.ofBytes(new byte[1]));

    List<float[]> values =
        values(
            TINY
                + """
                weights {
                  file = "%s"
                  names {
                    "fc*.weight" = "layers/*/kernel:0"
                    fc1.bias = "layers/1/b"
                    "fc*.bias" = "absent.*"
                    "output.*" = "head.*"
                  }
                  ignore = ["*.num_batches_tracked"]
                } }
                """
                    .formatted(write(tensors)));

    assertThat(values.get(0)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(values.get(1)).containsExactly(7, 8);
    assertThat(values.get(2)).containsExactly(9, 10, 11, 12);
    assertThat(values.get(3)).containsExactly(13, 14);
  }

  @Test
  void of_transposedMatrices_areTurned() throws IOException {
    Map<String, StoredTensor> tensors = tiny();
    tensors.put("fc1.weight", floats(List.of(3, 2), 1, 4, 2, 5, 3, 6));
    tensors.put("output.weight", floats(List.of(2, 2), 9, 11, 10, 12));

    List<float[]> values =
        values(
            TINY
                + "weights { file = \"%s\", transpose = [\"*.weight\"] } }"
                    .formatted(write(tensors)));

    assertThat(values.get(0)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(values.get(2)).containsExactly(9, 10, 11, 12);
  }

  @Test
  void axes_kernelsOfHeightWidthInOut_becomeOutInHeightWidth() {
    int height = 2;
    int width = 3;
    int in = 4;
    int out = 5;
    float[] stored = new float[height * width * in * out];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = i;
    }
    List<Integer> dimensions = List.of(height, width, in, out);
    List<Integer> order = AxisOrder.outputsFirst(4).orElseThrow();

    float[] turned = AxisOrder.permuted(stored, dimensions, order);

    assertThat(AxisOrder.permuted(dimensions, order)).containsExactly(out, in, height, width);
    int at = 0;
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            assertThat(turned[at++]).isEqualTo(((y * width + x) * in + i) * out + o);
          }
        }
      }
    }
  }

  @Test
  void of_drawnHead_leavesWhatTheFileHasOfIt() throws IOException {
    Map<String, StoredTensor> tensors = tiny();
    tensors.put("output.weight", floats(List.of(7, 2), new float[14]));
    tensors.remove("output.bias");
    String model =
        TINY + "weights { file = \"%s\", draw = [\"output.*\"] } }".formatted(write(tensors));

    List<float[]> values = values(model);

    ParameterSpec output = network(recipe(model)).parameters().get(2);
    assertThat(values.get(0)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(values.get(2)).isEqualTo(DRAW.values(output, 2));
    assertThat(values.get(3)).containsExactly(0, 0);
  }

  @Test
  void verify_networkWithNorms_asksForRunningStatistics() throws IOException {
    String resNet = "model { kind = resnet-8, width = 1, ";
    ResolvedRecipe drawn = recipe(resNet + "}");
    ImageShape image = new ImageShape(1, 8, 8);
    Network network = Network.of(drawn.config().model().architecture(), image, 2);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      if (!spec.id().name().endsWith(".mean")) {
        float[] values = DRAW.values(spec, 0);
        tensors.put(spec.id().name(), StoredTensor.ofFloats(spec.shape().dimensions(), values));
      }
    }
    Path file = write(tensors);

    List<String> problems = problems(recipe(resNet + weights(file) + "}"), network);
    List<float[]> values =
        InitialValues.of(
            recipe(resNet + "weights { file = \"%s\", draw = [\"*.mean\"] } }".formatted(file))
                .config(),
            network);

    assertThat(problems)
        .hasSize((int) network.parameters().stream().filter(InitialValuesTest::isMean).count())
        .contains("must have every parameter: stem.norm.mean [1] is missing");
    assertThat(values).hasSameSizeAs(network.parameters());
  }

  @Test
  void verify_fileThatDoesNotFit_listsEverythingAtOnce() throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("fc1.weight", floats(List.of(3, 2), new float[6]));
    tensors.put("layers.0.bias", floats(List.of(2), 1, 2));
    tensors.put("output.weight", floats(List.of(2, 2), 1, Float.NaN, Float.NEGATIVE_INFINITY, 2));
    tensors.put("output.bias", StoredTensor.ofBytes(new byte[2]));
    ResolvedRecipe recipe =
        recipe(
            TINY
                + "weights { file = \"%s\", draw = [\"x*\"], transpose = [y] } }"
                    .formatted(write(tensors)));

    assertThat(problems(recipe, network(recipe)))
        .containsExactly(
            "must have the network's shapes: fc1.weight is [3, 2], not [2, 3]; list it under"
                + " transpose",
            "must have every parameter: fc1.bias [2] is missing",
            "must hold finite 32-bit floats: output.weight has 2 that are not, the first at [0, 1]:"
                + " NaN",
            "must hold floats (F32, F16, BF16 or F64): output.bias is U8",
            "must have no other tensors: layers.0.bias F32 [2] is extra; list it under ignore if it"
                + " is to be left alone",
            "where only the names differ, the recipe can say so: names { \"fc1.bias\" ="
                + " \"layers.0.bias\" }",
            "transpose must match a parameter of the network: transpose=y",
            "draw must match a parameter of the network: draw=x*");
  }

  @Test
  void verify_oneTensorForTwoParameters_isRefused() throws IOException {
    ResolvedRecipe recipe =
        recipe(
            TINY
                + "weights { file = \"%s\", names { output.bias = fc1.bias } } }"
                    .formatted(write(tiny())));

    assertThat(problems(recipe, network(recipe)))
        .contains(
            "a tensor must belong to one parameter: output.bias (here fc1.bias) is also another's");
  }

  @Test
  void verify_missingFileDirectoryAndDamage_areSaid() throws IOException {
    Path damaged = Files.writeString(directory.resolve("damaged"), "not tensors at all");
    Path cut = directory.resolve("cut");
    byte[] whole = Files.readAllBytes(write(tiny()));
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1));

    assertThat(fileProblem(directory.resolve("absent"))).contains("must exist: no such file");
    assertThat(fileProblem(directory)).contains("it is a directory");
    assertThat(fileProblem(damaged)).contains("a header must lie within the file");
    assertThat(fileProblem(cut)).contains("tensors must cover the file");
  }

  @Test
  void pinned_recipe_hasTheDigestAndRefusesAnotherFile() throws IOException {
    Path file = write(tiny());
    ResolvedRecipe pinned = InitialValues.pinned(recipe(TINY + "weights = \"" + file + "\" }"));
    String digest = Sha256.ofFile(file);

    assertThat(pinned.config().model().weights().orElseThrow().sha256()).contains(digest);
    assertThat(pinned.text()).contains("sha256 = \"" + digest + "\"");
    assertThat(InitialValues.pinned(pinned)).isEqualTo(pinned);
    assertThat(InitialValues.of(pinned.config(), network(pinned))).hasSize(4);

    Map<String, StoredTensor> changed = tiny();
    changed.put("fc1.bias", floats(List.of(2), 0, 0));
    write(changed);
    assertThat(problems(pinned, network(pinned)))
        .singleElement()
        .asString()
        .contains("expected=" + digest);
  }

  private String fileProblem(Path file) {
    ResolvedRecipe recipe = recipe(TINY + weights(file) + " }");
    assertThat(problems(recipe, network(recipe))).hasSize(1);
    return problems(recipe, network(recipe)).get(0);
  }

  private static List<String> problems(ResolvedRecipe recipe, Network network) {
    InvalidConfigException thrown =
        catchThrowableOfType(
            InvalidConfigException.class,
            () -> InitialValues.verify(recipe.config(), network, notice -> {}));
    assertThat(thrown.problems())
        .allSatisfy(problem -> assertThat(problem.path()).startsWith("model.weights"));
    return thrown.problems().stream().map(InvalidConfigException.Problem::message).toList();
  }

  private static List<float[]> values(String model) {
    ResolvedRecipe recipe = recipe(model);
    return InitialValues.of(recipe.config(), network(recipe));
  }

  private static Network network(ResolvedRecipe recipe) {
    return Network.of(recipe.config().model().architecture(), INPUT, 2);
  }

  private static ResolvedRecipe recipe(String model) {
    return new RecipeLoader().parse("test.conf", "data = digits\n" + model, List.of());
  }

  private static String weights(Path file) {
    return "weights = \"" + file + "\"";
  }

  private static boolean isMean(ParameterSpec spec) {
    return spec.id().name().endsWith(".mean");
  }

  private Path write(Map<String, StoredTensor> tensors) throws IOException {
    Path file = directory.resolve("net.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  private static Map<String, StoredTensor> tiny() {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("fc1.weight", floats(List.of(2, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("fc1.bias", floats(List.of(2), 7, 8));
    tensors.put("output.weight", floats(List.of(2, 2), 9, 10, 11, 12));
    tensors.put("output.bias", floats(List.of(2), 13, 14));
    return tensors;
  }

  private static StoredTensor floats(List<Integer> dimensions, float... values) {
    return StoredTensor.ofFloats(dimensions, values);
  }
}
