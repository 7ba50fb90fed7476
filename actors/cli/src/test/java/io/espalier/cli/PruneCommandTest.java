package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PruneCommandTest {
  @TempDir private Path directory;
  private Path in;

  @BeforeEach
  void writeNetwork() throws IOException {
    Random random = new Random(3);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (String name : List.of("fc1.weight", "fc2.weight")) {
      float[] values = new float[800];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      tensors.put(name, StoredTensor.ofFloats(List.of(20, 40), values));
    }
    tensors.put("fc1.bias", StoredTensor.ofFloats(List.of(20), new float[20]));
    in = directory.resolve("in.safetensors");
    Safetensors.write(in, tensors, Map.of("format", "pt"));
  }

  @Test
  void prune_byDefault_printsATableOfDensities() {
    CommandRun run = prune("--allocation", "uniform", "--sparsity", "80%");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "parameter   type, shape  weights  kept  density",
            "fc1.weight  F32 20×40        800   160  20.00 %",
            "total                      1,600   320  20.00 %",
            "sparsity 80.00 %; tensors left as they were: 1");
    assertThat(names()).containsExactly("in.safetensors", "out.safetensors");
  }

  @Test
  void prune_json_hasEveryTensor_andInspectCountsTheSame() throws IOException {
    JsonNode pruned =
        json(prune("--json", "--score", "lamp", "--sparsity", "0.9", "--masks", path("masks")));
    JsonNode inspected = json(CommandRun.of("inspect", "--json", path("out.safetensors")));
    JsonNode masks = json(CommandRun.of("inspect", "--json", path("masks")));

    assertThat(pruned.get("kept").longValue()).isEqualTo(160);
    assertThat(pruned.get("prunable").longValue()).isEqualTo(1_600);
    assertThat(pruned.get("sparsity").doubleValue()).isEqualTo(.9);
    assertThat(pruned.get("masks").textValue()).isEqualTo(path("masks"));
    assertThat(masks.get("kept").longValue()).isEqualTo(160);
    for (int i = 0; i < 2; i++) {
      JsonNode tensor = pruned.get("tensors").get(i);
      assertThat(tensor.get("name")).isEqualTo(inspected.get("parameters").get(i).get("name"));
      assertThat(tensor.get("kept").longValue())
          .isEqualTo(inspected.get("parameters").get(i).get("kept").longValue());
    }
  }

  /** The square of one weight is so large that the shares of all others are 0. */
  @ParameterizedTest
  @ValueSource(strings = {"--score", "--allocation"})
  void prune_lampOfWeightsWhoseSquaresOverflow_keepsTheLargest(String option) throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(Safetensors.read(in).tensors());
    float[] values = Objects.requireNonNull(tensors.get("fc1.weight")).toFloatArray();
    values[7] = Float.MAX_VALUE;
    tensors.put("fc1.weight", StoredTensor.ofFloats(List.of(20, 40), values));
    Safetensors.write(in, tensors, Map.of("format", "pt"));

    CommandRun run = prune(option, "lamp", "--sparsity", "40%");

    assertThat(run.exitCode()).as(run.err()).isZero();
    float[] kept =
        Objects.requireNonNull(
                Safetensors.read(directory.resolve("out.safetensors")).tensors().get("fc1.weight"))
            .toFloatArray();
    float[] magnitudes = new float[values.length];
    float least = Float.MAX_VALUE;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
      if (kept[i] != 0) {
        least = Math.min(least, magnitudes[i]);
        count++;
      }
    }
    Arrays.sort(magnitudes);
    assertThat(kept[7]).isEqualTo(Float.MAX_VALUE);
    assertThat(least).isEqualTo(magnitudes[values.length - count]);
    assertThat(run.out()).contains("total                      1,600   960   60.00 %");
  }

  @Test
  void prune_scoreThatIsNoFiniteNumber_isRefused() throws IOException {
    float[] values = new float[800];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 0 ? Float.MAX_VALUE : -Float.MAX_VALUE / (1 + i);
    }
    Safetensors.write(
        in, Map.of("a.weight", StoredTensor.ofFloats(List.of(20, 40), values)), Map.of());

    CommandRun run = prune("--score", "geometric-median", "--pattern", "row");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("score=geometric-median, scores must be finite", "choose another")
        .doesNotContain("unexpected");
    assertThat(names()).containsExactly("in.safetensors");
  }

  @Test
  void prune_pipe_isRefused() throws Exception {
    Path pipe = directory.resolve("pipe.safetensors");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    CommandRun run = CommandRun.of("prune", pipe.toString(), "-o", path("out"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(pipe + ": must be a regular file");
  }

  @Test
  void prune_onAFullDisk_failsAndLeavesNothing() throws IOException {
    Files.createSymbolicLink(directory.resolve("out.safetensors.part"), Path.of("/dev/full"));

    CommandRun run = prune();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("No space left", "make room").doesNotContain("unexpected");
    assertThat(names()).containsExactly("in.safetensors");
  }

  @Test
  void prune_modelOfARun_isEvaluated() throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader().load("digits", List.of("train.epochs=4", "prune.sparsity=0"));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    Path trained = Files.createDirectory(directory.resolve("run"));
    ModelFile.write(
        trained.resolve("model.safetensors"),
        run,
        TrainingLoop.run(run, LoopListener.NONE).committed(),
        recipe.text());

    CommandRun pruned =
        CommandRun.of("prune", trained.toString(), "-o", path("p"), "--sparsity", "60%");
    JsonNode before = json(CommandRun.of("evaluate", "--json", trained.toString()));
    JsonNode after = json(CommandRun.of("evaluate", "--json", path("p")));

    assertThat(pruned.exitCode()).as(pruned.err()).isZero();
    assertThat(before.get("accuracy").doubleValue()).isGreaterThan(.9);
    assertThat(after.get("accuracy").doubleValue()).isGreaterThan(.8);
    assertThat(after.get("loss")).isNotEqualTo(before.get("loss"));
    assertThat(after.get("sparsity").doubleValue()).isBetween(.59, .6);
  }

  @Test
  void prune_calibrated_losesLess_andIsEvaluated() throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader().load("digits", List.of("train.epochs=4", "prune.sparsity=0"));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    Path model = directory.resolve("model.safetensors");
    ModelFile.write(
        model, run, TrainingLoop.run(run, LoopListener.NONE).committed(), recipe.text());

    JsonNode plain = evaluated(model, "--sparsity", "80%");
    JsonNode calibrated =
        evaluated(
            model,
            "--sparsity",
            "80%",
            "--calibrate",
            "digits",
            "--calibration-examples",
            "500",
            "--score",
            "wanda",
            "--refit",
            "least-squares");

    assertThat(calibrated.get("loss").doubleValue())
        .isLessThan(.8 * plain.get("loss").doubleValue());
    assertThat(calibrated.get("sparsity").doubleValue()).isBetween(.79, .8);
  }

  private JsonNode evaluated(Path model, String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("prune", model.toString(), "-o", path("p"), "--force", "--json"));
    arguments.addAll(Arrays.asList(options));
    JsonNode pruned = json(CommandRun.of(arguments.toArray(String[]::new)));
    assertThat(pruned.get("sparsity").doubleValue()).isBetween(.79, .8);
    return json(CommandRun.of("evaluate", "--json", path("p")));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("--score wanda --calibrate digits", "a network must run to be calibrated"),
        Arguments.of("--refit least-squares", "--calibrate DATA"),
        Arguments.of("--labels y", "which --calibrate DATA names"),
        Arguments.of("--calibrate digits --calibration-examples 0", "must be 1 or more"),
        Arguments.of("--calibrate digits --score movement", "prune.mask: must be left away"),
        Arguments.of("--score taylor", "prune.score: must look at weights alone"),
        Arguments.of("--score taylor", "choose one of magnitude, random, lamp, geometric-median, "),
        Arguments.of("--score geometric-median", "granularity must be row, filter or channel with"),
        Arguments.of("--score geometric-median --pattern 2:4", "prune.granularity"),
        Arguments.of("--allocation uniform-plus --sparsity 99%", "prune.allocation: must not"),
        Arguments.of("--allocation owl", "prune.allocation: must look at weights alone"),
        Arguments.of("--selection connected", "prune.selection: must not look at channels"),
        Arguments.of("--score magnitud", "magnitude"),
        Arguments.of("--allocation precropping", "prune.allocation"),
        Arguments.of(
            "--allocation {kind=knapsack,macs=12%}",
            "prune.allocation: must look at weights alone"),
        Arguments.of("--pattern channel", "prune.granularity"),
        Arguments.of("--pattern 2:4 --sparsity 90%", "prune.sparsity"),
        Arguments.of("--sparsity 100%", "sparsity"),
        Arguments.of("--sparsity 99.9% --min-keep 50%", "prune.min-keep"),
        Arguments.of("--exclude nothing", "each glob must match a tensor"),
        Arguments.of("--pattern row --selection per-row", "prune.selection"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void prune_whatDoesNotGo_isRefusedWithoutOutput(String options, String message) {
    CommandRun run = prune(options.split(" "));

    assertThat(run.err()).startsWith("espalier: ").contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(names()).containsExactly("in.safetensors");
  }

  @Test
  void prune_outputThatExists_isReplacedOnlyByForce() throws IOException {
    Files.writeString(directory.resolve("out.safetensors"), "mine");

    CommandRun refused = prune();
    CommandRun itself = CommandRun.of("prune", in.toString(), "-o", in.toString(), "--force");
    CommandRun masks = prune("--force", "--masks", path("out.safetensors"));
    String kept = Files.readString(directory.resolve("out.safetensors"));
    CommandRun forced = prune("--force");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--force");
    assertThat(itself.exitCode()).isEqualTo(2);
    assertThat(itself.err()).contains("must not be the one that is read");
    assertThat(masks.exitCode()).isEqualTo(2);
    assertThat(masks.err()).contains("must be two files");
    assertThat(kept).isEqualTo("mine");
    assertThat(forced.exitCode()).isZero();
    assertThat(Files.size(directory.resolve("out.safetensors"))).isEqualTo(Files.size(in));
  }

  static Stream<Arguments> brokenFiles() {
    String two = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}";
    return Stream.of(
        Arguments.of("empty", new byte[0], "8 bytes or more"),
        Arguments.of(
            "no safetensors",
            "PK\3\4 an archive".getBytes(StandardCharsets.UTF_8),
            "a header must lie within the file"),
        Arguments.of("header of 1 TB", framed(1L << 40, "{}", 0), "header=1099511627776"),
        Arguments.of("negative header", framed(-1, "{}", 0), "header=18446744073709551615"),
        Arguments.of("no JSON", framed("w = 1", 0), "must be JSON"),
        Arguments.of("truncated", framed(two + "}", 7), "must cover the file"),
        Arguments.of("longer", framed(two + "}", 9), "must cover the file"),
        Arguments.of(
            "overlapping",
            framed(two + ",\"v\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]}}", 12),
            "without gap or overlap"),
        Arguments.of(
            "unknown type", framed(two.replace("F32", "F31") + "}", 8), "dtype must be one of"),
        Arguments.of(
            "wrong type",
            framed(two.replace("F32", "F16") + "}", 8),
            "must span the shape's bytes"),
        Arguments.of(
            "negative length", framed(two.replace("[1,2]", "[-1,-2]") + "}", 8), "lengths from 0"),
        Arguments.of(
            "duplicate name", framed(two + "," + two.substring(1) + "}", 8), "unique names"),
        Arguments.of(
            "NaN",
            framed(two + "}", 0, 0, 0, 0xc0, 0x7f, 0, 0, 0, 0),
            "tensor=w, index=0, value=NaN"),
        Arguments.of(
            "infinite", framed(two + "}", 0, 0, 0, 0, 0, 0, 0, 0x80, 0xff), "value=-Infinity"),
        Arguments.of("no weights", framed("{}", 0), "must leave something to prune"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenFiles")
  void prune_brokenFile_isOneError_withoutOutput(String what, byte[] bytes, String message)
      throws IOException {
    Files.write(in, bytes);

    CommandRun run = prune();

    assertThat(run.err()).as(what).startsWith("espalier: ").contains(message);
    assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(2);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(names()).containsExactly("in.safetensors");
  }

  @Test
  void prune_missingFile_isRefused() {
    CommandRun run = CommandRun.of("prune", path("other"), "-o", path("out"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(path("other"));
  }

  @Test
  void prune_shards_writesADirectory_thatMustNotExist() throws IOException {
    Path from = Files.createDirectory(directory.resolve("from"));
    Files.move(in, from.resolve("in.safetensors"));
    Files.writeString(
        from.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"fc1.weight\":\"in.safetensors\",\"fc1.bias\":\"in.safetensors\",\"fc2.weight\":\"in.safetensors\"}}");

    CommandRun first = CommandRun.of("prune", from.toString(), "-o", path("to"));
    CommandRun again = CommandRun.of("prune", from.toString(), "-o", path("to"), "--force");
    JsonNode inspected = json(CommandRun.of("inspect", "--json", path("to/in.safetensors")));

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(inspected.get("kept").longValue()).isEqualTo(160);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("must not exist yet");
    assertThat(names()).containsExactly("from", "to");
  }

  private CommandRun prune(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("prune", in.toString(), "-o", path("out.safetensors")));
    arguments.addAll(Arrays.asList(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] framed(String header, int zeros) {
    return framed(header.length(), header, zeros);
  }

  private static byte[] framed(String header, int zeros, int... more) {
    byte[] bytes = framed(header.length(), header, more.length + zeros);
    for (int i = 0; i < more.length; i++) {
      bytes[bytes.length - more.length + i] = (byte) more[i];
    }
    return bytes;
  }

  private static byte[] framed(long announced, String header, int zeros) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(announced).array());
    out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(new byte[zeros]);
    return out.toByteArray();
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
