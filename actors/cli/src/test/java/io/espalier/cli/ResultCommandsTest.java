package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.onnx.OnnxNetwork;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export} and {@code predict}, on a network that was trained on a small table. */
class ResultCommandsTest {
  private static final int ROWS = 300;

  @TempDir private static Path directory;
  private static FinishedRun finished;

  @BeforeAll
  static void train() throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "table.conf",
                """
                data {
                  kind = csv, path = "%s", test-path = "%s", label = side, batch-size = 16
                }
                model { kind = mlp, hidden = [32, 16] }
                train { epochs = 4, trainers = 2 }
                prune { sparsity = 80%% }
                """
                    .formatted(table("train.csv", 1), table("test.csv", 2)),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    Path out = Files.createDirectory(directory.resolve("run"));
    ModelFile.write(out.resolve("model.safetensors"), run, finished.committed(), recipe.text());
    MaskFile.write(out.resolve("masks.safetensors"), finished.committed().masks().masks());
    succeed("export", path("run"), "--format", "sparse", "-o", path("sparse.safetensors"));
  }

  @Test
  void evaluate_onTheEngine_givesTheDigitsOfTheRun() throws IOException {
    JsonNode sparse = json("evaluate", "--json", "--execution=engine", path("sparse.safetensors"));
    JsonNode dense = json("evaluate", "--json", path("run"));

    assertThat(sparse.get("accuracy").doubleValue()).isEqualTo(finished.test().accuracy());
    assertThat(sparse.get("loss").doubleValue()).isEqualTo(finished.test().loss());
    assertThat(dense.get("loss").doubleValue()).isEqualTo(finished.test().loss());
  }

  @Test
  void evaluate_onKeptWeights_givesTheAccuracyOfTheRun() throws IOException {
    JsonNode sparse = json("evaluate", "--json", "--per-class", path("sparse.safetensors"));
    JsonNode dense = json("evaluate", "--json", "--per-class", "--execution=java", path("run"));

    assertThat(sparse.get("accuracy").doubleValue()).isEqualTo(finished.test().accuracy());
    assertThat(sparse.get("loss").doubleValue())
        .isCloseTo(finished.test().loss(), withinPercentage(1e-3))
        .isEqualTo(dense.get("loss").doubleValue());
    assertThat(sparse.get("perClass")).hasSize(2).isEqualTo(dense.get("perClass"));
  }

  @Test
  void analyse_rowsOfAFile_countsWhatEvaluateCounts() throws IOException {
    String[] rows = {"--labels=side", "--data-path=" + path("train.csv"), "--json"};

    JsonNode evaluated = json("evaluate", path("run"), rows[0], rows[1], rows[2]);
    JsonNode all =
        json("analyse", path("sparse.safetensors"), "--units=2", rows[0], rows[1], rows[2]);

    assertThat(all.at("/findings/ece/figures/accuracy/value")).isEqualTo(evaluated.get("accuracy"));
    assertThat(all.get("data").textValue()).isEqualTo(path("train.csv"));
    assertThat(all.at("/skipped/corruption").textValue()).contains("rows of a table");
    assertThat(all.get("findings")).hasSize(7);
  }

  @Test
  void predict_onKeptWeights_namesTheLabelsOfTheEngine() {
    List<String> sparse =
        succeed("predict", path("sparse.safetensors"), path("test.csv")).out().lines().toList();
    List<String> engine = succeed("predict", path("run"), path("test.csv")).out().lines().toList();

    assertThat(sparse).hasSize(1 + ROWS).hasSameSizeAs(engine);
    for (int row = 1; row < sparse.size(); row++) {
      String[] found = sparse.get(row).split(",", -1);
      String[] expected = engine.get(row).split(",", -1);
      assertThat(found[1]).isEqualTo(expected[1]);
      assertThat(Double.parseDouble(found[2]))
          .isCloseTo(Double.parseDouble(expected[2]), within(2e-6));
    }
    assertThat(refused("predict", path("run"), path("test.csv"), "--execution=fast"))
        .contains("execution must be one of engine, java, auto: execution=fast");
  }

  /** In processes of their own, as the engine stays loaded. */
  @Test
  void commands_onASparseFile_loadNoEngine() throws IOException {
    String file = path("sparse.safetensors");

    assertThat(loadedBy("predict", file, path("test.csv"))).startsWith("exit 0, engine false");
    assertThat(loadedBy("evaluate", file)).startsWith("exit 0, engine false");
    assertThat(loadedBy("evaluate", file, "--labels=side", "--data-path=" + path("test.csv")))
        .startsWith("exit 0, engine false");
    assertThat(loadedBy("evaluate", file, "--execution=engine")).startsWith("exit 0, engine true");
  }

  private static String loadedBy(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Optional.ofNullable(System.getProperty("DJL_CACHE_DIR"))
        .ifPresent(cache -> command.add("-DDJL_CACHE_DIR=" + cache));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LoadedEngine.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Executes a command, then prints whether the process has mapped a library of the engine. */
  static final class LoadedEngine {
    private LoadedEngine() {}

    public static void main(String[] arguments) throws IOException {
      CommandRun run = CommandRun.of(arguments);
      boolean loaded =
          Files.readString(Path.of("/proc/self/maps")).lines().anyMatch(LoadedEngine::isOfEngine);
      System.out.println("exit %d, engine %s%n%s".formatted(run.exitCode(), loaded, run.err()));
    }

    private static boolean isOfEngine(String mapping) {
      return Stream.of("libtorch", "libc10", "libdjl").anyMatch(mapping::contains);
    }
  }

  @Test
  void export_denseAgain_isTheModelByteForByte() {
    succeed("export", path("sparse.safetensors"), "--format", "safetensors", "-o", path("again"));

    assertThat(directory.resolve("again"))
        .hasSameBinaryContentAs(directory.resolve("run/model.safetensors"));
  }

  @Test
  void inspect_sparseFile_showsWhatItStores() throws IOException {
    JsonNode sparse = json("inspect", "--json", path("sparse.safetensors"));
    JsonNode dense = json("inspect", "--json", path("run"));

    assertThat(sparse.get("storage").textValue()).isEqualTo("sparse");
    for (String same : List.of("recipe", "units", "kept", "denseBytes", "sparseBytes")) {
      assertThat(sparse.get(same)).as(same).isEqualTo(dense.get(same));
    }
    assertThat(sparse.get("tensorBytes")).isEqualTo(dense.get("sparseBytes"));
    assertThat(succeed("inspect", path("sparse.safetensors")).out())
        .contains("fc2.weight", "16×32")
        .contains("smaller than its tensors with their zeros");
  }

  @Test
  void export_overAFile_needsForce() throws IOException {
    Path out = Files.writeString(directory.resolve("old"), "old");

    CommandRun refused =
        CommandRun.of("export", path("run"), "--format", "sparse", "-o", out.toString());

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("file=" + out, "--force");
    assertThat(out).hasContent("old");
    succeed("export", path("run"), "--format", "sparse", "-o", out.toString(), "--force");
    assertThat(out).hasSameBinaryContentAs(directory.resolve("sparse.safetensors"));
  }

  @Test
  void export_ontoItsOwnSource_isRefusedAndLeavesIt() throws IOException {
    Path source = directory.resolve("own.safetensors");
    Files.copy(directory.resolve("sparse.safetensors"), source);

    for (String format : List.of("sparse", "safetensors", "onnx")) {
      CommandRun refused =
          CommandRun.of(
              "export", source.toString(), "--format", format, "-o", source.toString(), "--force");

      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("must not be the one that is read", "file=" + source);
    }
    assertThat(source).hasSameBinaryContentAs(directory.resolve("sparse.safetensors"));
  }

  @Test
  void commands_onAnOnnxFile_sayThatARecipeImportsIt() throws IOException {
    String file = Files.writeString(directory.resolve("net.onnx"), "any").toString();

    for (String command : List.of("evaluate", "inspect")) {
      CommandRun refused = CommandRun.of(command, file);

      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("must be imported by a recipe", "file=" + file);
    }
  }

  @Test
  void export_asOnnx_isANetworkThatTheRuntimeTakes() throws IOException {
    Path out = directory.resolve("net.onnx");

    String said = succeed("export", path("run"), "--format", "onnx", "-o", out.toString()).out();

    assertThat(said).contains("opset 17", "[batch, ");
    try (OnnxNetwork network = OnnxNetwork.load(out)) {
      assertThat(network.run(new float[2 * network.inputSize()])).hasSize(2 * 2);
    }
  }

  @Test
  void export_asOnnxWithProbabilities_givesThoseInPlaceOfLogits() throws IOException {
    Path out = directory.resolve("probabilities.onnx");
    String file = out.toString();

    assertThat(
            succeed("export", path("run"), "--format", "onnx", "--probabilities", "-o", file).out())
        .contains("output probabilities [batch, 2]");
    try (OnnxNetwork network = OnnxNetwork.load(out)) {
      float[] two = network.run(new float[network.inputSize()]);
      assertThat(two[0] + two[1]).isCloseTo(1, within(1e-5f));
      assertThat(two[0]).isBetween(0f, 1f);
    }
    assertThat(
            refused(
                "export", path("run"), "--format", "sparse", "--probabilities", "-o", path("x")))
        .contains("probabilities must be of format onnx");
  }

  @Test
  void export_formatsThatThereAreNot_areRefused() {
    assertThat(refused("export", path("run"), "--format", "zip", "-o", path("x")))
        .contains("format must be one of sparse, safetensors, onnx: format=zip");
    assertThat(refused("export", path("run"), "--format", "sparse", "-o", path("no/x")))
        .contains("must be in a directory that exists");
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void commands_onADamagedSparseFile_sayWhatIsWrong() throws IOException {
    Safetensors sparse = Safetensors.read(directory.resolve("sparse.safetensors"));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(sparse.tensors());
    tensors.put("fc2.weight.values", StoredTensor.ofFloats(List.of(1), new float[1]));
    Path damaged = directory.resolve("damaged.safetensors");
    Safetensors.write(damaged, tensors, sparse.metadata());

    for (String command : List.of("inspect", "evaluate")) {
      assertThat(refused(command, damaged.toString()))
          .startsWith("espalier: " + damaged + ": a tensor must have as many values as its mask");
    }
  }

  @Test
  void inspect_fileOfAnyTypes_showsThem() throws IOException {
    Path file = directory.resolve("types.safetensors");
    String header =
        "{\"count\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"w\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[8,16]}}";
    byte[] bytes = new byte[8 + header.length() + 16];
    bytes[0] = (byte) header.length();
    System.arraycopy(header.getBytes(StandardCharsets.UTF_8), 0, bytes, 8, header.length());
    bytes[bytes.length - 1] = 1;
    Files.write(file, bytes);

    assertThat(succeed("inspect", file.toString()).out().lines())
        .containsSubsequence(
            "parameter  type, shape  units  kept  density  bytes",
            "count      I64              1     0   0.00 %      8",
            "w          F16 2×2          4     1  25.00 %      8");
  }

  @Test
  void predict_testSet_isAsAccurateAsEvaluate() throws IOException {
    CommandRun run =
        CommandRun.of("predict", path("sparse.safetensors"), path("test.csv"), "--labels", "side");

    List<String> lines = run.out().lines().toList();
    long correct =
        lines.stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .filter(c -> c[1].equals(c[3]))
            .count();
    assertThat(run.exitCode()).isZero();
    assertThat(lines).hasSize(1 + ROWS).startsWith("row,label,probability,actual");
    assertThat(lines.get(ROWS)).matches(ROWS + ",(left|right),[01]\\.\\d{6},(left|right)");
    assertThat(correct).isEqualTo(finished.test().correct());
    assertThat(run.err())
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "accuracy %.2f %% (%d of %d)%n",
                100 * finished.test().accuracy(),
                correct,
                ROWS));
  }

  @Test
  void predict_jsonIntoAFile_isAnArrayOfRows() throws IOException {
    Path out = directory.resolve("predictions.json");

    CommandRun run =
        succeed(
            "predict",
            path("run"),
            path("test.csv"),
            "--format",
            "json",
            "--top",
            "5",
            "-o",
            out.toString());

    JsonNode rows = new ObjectMapper().readTree(out.toFile());
    assertThat(run.out()).isEqualTo(out + "  300 rows\n");
    assertThat(rows).hasSize(ROWS);
    JsonNode first = rows.get(0);
    assertThat(first.get("row").intValue()).isEqualTo(1);
    assertThat(first.get("top")).hasSize(2);
    assertThat(first.get("label")).isEqualTo(first.get("top").get(0).get("label"));
    assertThat(first.get("probability").doubleValue()).isBetween(0.5, 1.0);
    assertThat(refused("predict", path("run"), path("test.csv"), "-o", out.toString()))
        .contains("--force");
  }

  @Test
  void predict_wrongInputs_areRefused() throws IOException {
    Path bad = Files.writeString(directory.resolve("bad.csv"), "x,y\n1,2\nfour,2\n");

    assertThat(refused("predict", path("run"), bad.toString()))
        .startsWith(
            "espalier: " + bad + ":3: INPUT: every cell must be a finite number: column='x'");
    assertThat(refused("predict", path("run"), path("absent.csv"))).contains("must be a file");
    assertThat(refused("predict", path("run"), path("test.csv"), "--format", "xml"))
        .contains("format must be csv or json: format=xml");
    String table = path("test.csv");
    assertThat(refused("predict", path("run"), table, "-o", table, "--force"))
        .contains("OUT must be another file than INPUT");
    assertThat(refused("predict", path("run"), path("test.csv"), "--top", "0"))
        .contains("--top must be 1 or more");
    assertThat(refused("predict", path("run/masks.safetensors"), path("test.csv")))
        .contains("must have the metadata of an Espalier model");
  }

  /** Only its last row is bad, beyond the first batch: nothing is told of those before either. */
  @Test
  void predict_badLastRow_tellsNothingAndLeavesNoFile() throws IOException {
    String good = "1,2\n".repeat(2 * Inference.BATCH);
    Path late = Files.writeString(directory.resolve("late.csv"), "x,y\n" + good + "1,two\n");
    Path out = Files.createDirectory(directory.resolve("late")).resolve("predictions.csv");
    String line = late + ":" + (2 * Inference.BATCH + 2) + ":";

    assertThat(refused("predict", path("run"), late.toString())).contains(line);
    assertThat(refused("predict", path("run"), late.toString(), "--format", "json")).contains(line);
    assertThat(refused("predict", path("run"), late.toString(), "-o", out.toString()))
        .contains(line);
    assertThat(out.getParent()).isEmptyDirectory();
    assertThat(refused("predict", path("run"), path("test.csv"), "--labels", "x"))
        .contains("test.csv:2:");

    // What there was before stays
    Files.writeString(out, "older");
    assertThat(refused("predict", path("run"), late.toString(), "--force", "-o", out.toString()))
        .contains(line);
    assertThat(out.getParent()).isDirectoryContaining(file -> file.equals(out));
    assertThat(out).hasContent("older");
  }

  @Test
  void output_whereNothingCanBeWritten_isRefusedWithTheWayOut() {
    for (String[] command :
        List.of(
            new String[] {"predict", path("run"), path("test.csv")},
            new String[] {"export", path("run"), "--format", "sparse"},
            new String[] {"export", path("run"), "--format", "safetensors"},
            new String[] {"export", path("run"), "--format", "onnx"})) {
      assertThat(refused(to("/proc/x", command)))
          .isEqualTo(
              "espalier: files must be writable there: file=/proc/x, directory=/proc,"
                  + " cause=NoSuchFileException; choose another place, or change who may write to"
                  + " it\n");
      assertThat(refused(to(path("no/x"), command)))
          .contains(
              "must be in a directory that exists: file=" + path("no/x"),
              "directory=" + path("no") + "; make it first");
      assertThat(refused(to(directory.toString(), command)))
          .contains("must not be a directory: file=" + directory);
    }
  }

  private static String[] to(String out, String... command) {
    return Stream.concat(Stream.of(command), Stream.of("-o", out)).toArray(String[]::new);
  }

  private static CommandRun succeed(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  private static String refused(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    return run.err();
  }

  private static JsonNode json(String... arguments) throws IOException {
    return new ObjectMapper().readTree(succeed(arguments).out());
  }

  private static String path(String relative) {
    return directory.resolve(relative).toString();
  }

  private static Path table(String name, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder table = new StringBuilder("x,y,side\n");
    for (int row = 0; row < ROWS; row++) {
      double x = random.nextDouble();
      double y = random.nextDouble();
      table.append(String.format(Locale.ROOT, "%.4f,%.4f,%s\n", x, y, x < y ? "left" : "right"));
    }
    return Files.writeString(directory.resolve(name), table.toString());
  }
}
