package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code inspect} and {@code evaluate}, on a run of a few epochs. */
class StoredNetworkTest {
  @TempDir private static Path directory;
  private static PreparedRun run;
  private static FinishedRun finished;

  @BeforeAll
  static void train() throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().load("digits", List.of("train.epochs=4"));
    run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    Path out = Files.createDirectory(directory.resolve("run"));
    ModelFile.write(out.resolve("model.safetensors"), run, finished.committed(), recipe.text());
    MaskFile.write(out.resolve("masks.safetensors"), finished.committed().masks().masks());
  }

  @Test
  void evaluate_runDirectory_isTheRunsOwnAccuracy() throws IOException {
    JsonNode result = json(CommandRun.of("evaluate", "--json", path("run")));

    assertThat(result.get("accuracy").doubleValue()).isEqualTo(finished.test().accuracy());
    assertThat(result.get("loss").doubleValue()).isEqualTo(finished.test().loss());
    assertThat(result.get("examples").longValue()).isEqualTo(359);
  }

  @Test
  void evaluate_file_printsOneLine() {
    CommandRun run = CommandRun.of("evaluate", path("run/model.safetensors"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("accuracy ").contains("of 359").endsWith("of digits\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void inspect_manyTensors_printsTheFirstAndCountsTheRest() throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      tensors.put("layer" + i, StoredTensor.ofFloats(List.of(2), new float[] {i, 1}));
    }
    Path file = directory.resolve("many.safetensors");
    Safetensors.write(file, tensors, Map.of());

    String text = CommandRun.of("inspect", file.toString()).out();
    JsonNode json = json(CommandRun.of("inspect", "--json", file.toString()));

    assertThat(text).contains("layer499 ", "… 19,500 more: see --json").doesNotContain("layer500 ");
    assertThat(json.get("parameters")).hasSize(20_000);
    assertThat(json.get("kept").longValue()).isEqualTo(39_999);
  }

  @Test
  void evaluate_masks_isRefused() {
    CommandRun run = CommandRun.of("evaluate", path("run/masks.safetensors"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must have the metadata of an Espalier model");
  }

  @Test
  void evaluate_dataPathOfDataWithoutOne_isRefused() {
    CommandRun run = CommandRun.of("evaluate", path("run"), "--data-path", "elsewhere");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("data.path");
  }

  @Test
  void inspect_runDirectory_countsWhatTheMasksKeep() throws IOException {
    JsonNode result = json(CommandRun.of("inspect", "--json", path("run")));

    assertThat(result.get("recipe").textValue()).isEqualTo("digits");
    assertThat(result.get("maskVersion").intValue())
        .isEqualTo(finished.committed().masks().masks().version().number());
    assertThat(result.get("prunable").longValue()).isEqualTo(6_464);
    assertThat(result.get("prunableKept").longValue()).isEqualTo(647);
    assertThat(result.get("units").longValue()).isEqualTo(6_570);
    JsonNode first = result.get("parameters").get(0);
    assertThat(first.get("name").textValue()).isEqualTo("fc1.weight");
    assertThat(first.get("shape").toString()).isEqualTo("[64,64]");
    assertThat(first.get("bytes").longValue()).isEqualTo(4 * 4_096);
  }

  @Test
  void inspect_modelWhoseScoreIsNotInstalled_showsItAllTheSame() throws IOException {
    Path file = directory.resolve("own-score.safetensors");
    ModelFile.write(file, run, finished.committed(), "name = mine, prune.score = my-score");

    JsonNode result = json(CommandRun.of("inspect", "--json", file.toString()));

    assertThat(result.get("recipe").textValue()).isEqualTo("mine");
    assertThat(result.get("units").longValue()).isEqualTo(6_570);
  }

  @Test
  void inspect_masks_countsBitsAndPackedBytes() throws IOException {
    JsonNode result = json(CommandRun.of("inspect", "--json", path("run/masks.safetensors")));

    assertThat(result.get("units").longValue()).isEqualTo(6_464);
    assertThat(result.get("kept").longValue()).isEqualTo(647);
    assertThat(result.get("tensorBytes").longValue()).isEqualTo(6_464 / 8);
  }

  @Test
  void inspect_foreignFile_countsValuesThatAreNotZero() throws IOException {
    Path file = directory.resolve("foreign.safetensors");
    Safetensors.write(
        file,
        Map.of("w", StoredTensor.ofFloats(List.of(2, 4), new float[] {0, 1, 0, 0, -0f, 0, 0, 2})),
        Map.of());

    CommandRun run = CommandRun.of("inspect", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .containsSubsequence(
            "parameter  shape  units  kept  density  bytes",
            "w          2×4        8     2  25.00 %     32",
            "total                 8     2  25.00 %     32");
    assertThat(run.out()).contains("kept values and packed masks alone: 9 bytes, 3.6× smaller");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"input|[null,8,8]", "classNames|[null]", "columns|[null]", "network|null"})
  void evaluate_nullInMetadata_isRefused(String name, String value) throws IOException {
    Safetensors model = Safetensors.read(directory.resolve("run/model.safetensors"));
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    metadata.put(name, value);
    Path hostile = directory.resolve("null.safetensors");
    Safetensors.write(hostile, model.tensors(), metadata);

    for (String command : List.of("evaluate", "inspect", "analyse")) {
      CommandRun run = CommandRun.of(command, hostile.toString());
      assertThat(run.exitCode()).as("%s: %s", command, run.err()).isEqualTo(2);
    }
  }

  @Test
  void inspect_damagedFile_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("damaged.safetensors"), "no tensors in here");

    CommandRun run = CommandRun.of("inspect", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("espalier: " + file).doesNotContain("\tat ");
  }

  @Test
  void inspect_missingFile_isRefused() {
    CommandRun run = CommandRun.of("inspect", path("absent.safetensors"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("absent.safetensors does not exist");
  }

  @Test
  void inspect_unfinishedRun_saysHowToFinishIt() throws IOException {
    Path unfinished = Files.createDirectory(directory.resolve("unfinished"));
    Files.writeString(unfinished.resolve("recipe.conf"), "name = x");

    CommandRun run = CommandRun.of("inspect", unfinished.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("train --resume " + unfinished);
  }

  @Test
  void inspectGroups_ofAnyFormOfANetwork_areTheSame() throws IOException {
    Path unfinished = Files.createDirectory(directory.resolve("unfinished-groups"));
    Path recipe = unfinished.resolve("recipe.conf");
    Files.writeString(recipe, new RecipeLoader().load("digits", List.of()).text());

    JsonNode ofRun = json(CommandRun.of("inspect", "--groups", "--json", path("run")));
    JsonNode groups = ofRun.get("groups");

    assertThat(ofRun.get("file").textValue()).isEqualTo(path("run/model.safetensors"));
    assertThat(ofRun.get("weights").longValue()).isEqualTo(6_464);
    assertThat(groups).hasSize(4);
    for (String named :
        List.of(
            path("run/model.safetensors"), "digits", recipe.toString(), unfinished.toString())) {
      assertThat(json(CommandRun.of("inspect", "--groups", "--json", named)).get("groups"))
          .as(named)
          .isEqualTo(groups);
    }
    JsonNode hidden = groups.get(1);
    assertThat(hidden.get("channels").intValue()).isEqualTo(64);
    assertThat(hidden.get("weightsPerChannel").longValue()).isEqualTo(64 + 32);
    assertThat(hidden.get("macsPerChannel").longValue()).isEqualTo(64 + 32);
    assertThat(hidden.get("prunable").booleanValue()).isTrue();
    assertThat(hidden.get("members")).hasSize(3);
    assertThat(hidden.get("members").get(2).get("parameter").textValue()).isEqualTo("fc2.weight");
    assertThat(hidden.get("members").get(2).get("axis").intValue()).isEqualTo(1);
    assertThat(hidden.get("members").get(2).get("indices").get(63).toString()).isEqualTo("[63]");
    assertThat(groups.get(0).get("reason").textValue()).isEqualTo("network input");
  }

  @Test
  void inspectGroups_printsALinePerLayer() throws IOException {
    Path recipe = directory.resolve("concat.conf");
    Files.writeString(
        recipe,
        """
        name = concat, data.kind = digits
        model { kind = layers, layers = [
          { kind = convolution, name = a, outputs = 4, kernel = 3, padding = 1 }
          { kind = convolution, name = b, from = input, outputs = 2, kernel = 3, padding = 1 }
          { kind = concat, from = [a, b] }
          flatten
          { kind = linear, name = output, outputs = classes }
        ] }
        """);

    CommandRun run = CommandRun.of("inspect", recipe.toString(), "--groups");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            recipe   %s
            model    layers
            input    1×8×8
            classes  10

            group  channels  weights each  MACs each  may go              members
                0         1            54      3,456  no: network input   a.weight axis 1
                                                                          b.weight axis 1
                1         4           649      1,216  yes                 a.weight, .bias axis 0
                                                                          output.weight axis 1 ×64 in 0–255
                2         2           649      1,216  yes                 b.weight, .bias axis 0
                                                                          output.weight axis 1 ×64 in 256–383
                3        10           384        384  no: network output  output.weight, .bias axis 0

            6 of 17 channels are in groups that may shrink, to one channel each; 3,894 weights and 7,296 MACs in all
            """
                .formatted(recipe));
  }

  @Test
  void inspect_recipeWithoutGroups_isRefused() {
    CommandRun run = CommandRun.of("inspect", "digits");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("inspect digits --groups shows its channels");
  }

  @Test
  void inspectGroups_ofNothingKnown_isRefused() throws IOException {
    Path foreign = directory.resolve("foreign-groups.safetensors");
    Safetensors.write(
        foreign, Map.of("w", StoredTensor.ofFloats(List.of(1), new float[1])), Map.of());

    CommandRun unknown = CommandRun.of("inspect", "--groups", "digit");
    CommandRun absent = CommandRun.of("inspect", "--groups", path("absent.safetensors"));
    CommandRun tensors = CommandRun.of("inspect", "--groups", foreign.toString());

    assertThat(List.of(unknown.exitCode(), absent.exitCode(), tensors.exitCode())).containsOnly(2);
    assertThat(unknown.err()).contains("recipe must be a file or a shipped name", "digits");
    assertThat(absent.err()).contains("absent.safetensors does not exist");
    assertThat(tensors.err()).contains("must have the metadata of an Espalier model");
  }

  private static String path(String relative) {
    return directory.resolve(relative).toString();
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
