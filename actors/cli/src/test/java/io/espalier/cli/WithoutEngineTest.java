package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.EspalierProcess.Ended;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command line where no engine is on the class path: what works, and how the rest is refused.
 */
@Tag("slow")
final class WithoutEngineTest {
  private static final String NOWHERE = "127.0.0.1:1";
  private static final String MISSING =
      "missing=io.espalier:espalier-engine; add that module, or take espalier.jar, which has it";

  @TempDir private static Path home;
  private static EspalierProcess espalier;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    espalier = new EspalierProcess(home);
    for (String execution : List.of("java", "auto")) {
      Ended trained = train(execution, execution);
      assertThat(trained.exitCode()).as(trained.text()).isZero();
      assertThat(trained.text()).doesNotContain("notice");
    }
    ByteBuffer images = ByteBuffer.allocate(16 + 2 * 64);
    images.putInt(0x803).putInt(2).putInt(8).putInt(8);
    while (images.hasRemaining()) {
      images.put((byte) (images.position() % 17));
    }
    Files.write(home.resolve("images"), images.array());
  }

  private static Ended train(String out, String execution, String... more)
      throws IOException, InterruptedException {
    return espalier.run(
        Stream.concat(
                Stream.of("train", "digits", "--out", out, "--kafka", NOWHERE),
                Stream.concat(
                        Stream.of("train.epochs=2", "train.execution=" + execution),
                        Stream.of(more))
                    .flatMap(override -> Stream.of("-D", override)))
            .toArray(String[]::new));
  }

  @Test
  void train_ofAuto_isInJavaFromTheStart() throws IOException {
    assertThat(values(home.resolve("auto/model.safetensors")))
        .isEqualTo(values(home.resolve("java/model.safetensors")));
    JsonNode summary = new ObjectMapper().readTree(home.resolve("auto/summary.json").toFile());
    assertThat(summary.at("/executionSwitches/0/step").asLong(-1)).isZero();
    assertThat(summary.at("/executionSwitches/0/execution").asText()).isEqualTo("sparse");
  }

  @Test
  void train_withSoftMasks_takesStepsOfItsOwn() throws IOException, InterruptedException {
    Ended trained = train("soft", "auto", "prune.mask=soft");

    assertThat(trained.exitCode()).as(trained.text()).isZero();
    assertThat(values(home.resolve("soft/model.safetensors")))
        .isNotEqualTo(values(home.resolve("java/model.safetensors")));
  }

  /** What follows the header, which names the recipe. */
  private static byte[] values(Path safetensors) throws IOException {
    byte[] bytes = Files.readAllBytes(safetensors);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(bytes, Long.BYTES + Math.toIntExact(header), bytes.length);
  }

  @Test
  void commands_ofStoredNetworks_work() throws IOException, InterruptedException {
    Ended sparse = espalier.run("export", "java", "--format", "sparse", "-o", "s.safetensors");
    assertThat(sparse.exitCode()).as(sparse.text()).isZero();
    for (List<String> command :
        List.of(
            List.of("predict", "s.safetensors", "images"),
            List.of("predict", "java", "images"),
            List.of("evaluate", "java"),
            List.of("evaluate", "s.safetensors"),
            List.of("export", "java", "--format", "onnx", "-o", "n.onnx"),
            List.of("inspect", "java"),
            List.of("report", "java"),
            List.of("prune", "java", "--sparsity", "95%", "-o", "p.safetensors"))) {
      Ended ended = espalier.run(command.toArray(String[]::new));
      assertThat(ended.exitCode()).as(command + "\n" + ended.text()).isZero();
    }
  }

  static List<Arguments> refusals() {
    String steps = "train.execution: must be one that can be taken here: the run needs the engine";
    return List.of(
        Arguments.of(
            List.of("train", "digits", "--out", "no", "--kafka", NOWHERE),
            steps + " for its steps, and the class path must have what provides execution on"),
        Arguments.of(List.of("train", "digits", "--dry-run"), steps + " for its steps"),
        Arguments.of(
            List.of(
                "train",
                "digits",
                "--out",
                "no",
                "--kafka",
                NOWHERE,
                "-D",
                "train.execution=java",
                "-D",
                "prune.score=taylor"),
            steps + " for what the updates of prune measure on data"),
        Arguments.of(
            List.of(
                "train",
                "digits",
                "--out",
                "no",
                "--kafka",
                NOWHERE,
                "-D",
                "train.execution=java",
                "-D",
                "train.objective={kind=distillation,teacher=\"java/model.safetensors\"}"),
            steps + " for the teacher of train.objective = distillation"),
        Arguments.of(
            List.of("evaluate", "java", "--execution", "engine"),
            "the class path must have what provides networks on the engine"),
        Arguments.of(
            List.of("analyse", "java"),
            "the class path must have what provides networks on the engine"),
        Arguments.of(
            List.of("profile", "digits"), "the class path must have what provides times of layers"),
        Arguments.of(
            List.of("simulate", "fed-digits", "--clients", "3", "--kafka", NOWHERE),
            "the class path must have what provides execution on the engine"),
        Arguments.of(
            List.of(
                "prune",
                "java",
                "--score",
                "wanda",
                "--calibrate",
                "digits",
                "-o",
                "c.safetensors"),
            "the class path must have what provides execution on the engine"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void command_thatNeedsTheEngine_isRefusedInOneLineWithTheWayOut(
      List<String> command, String reason) throws IOException, InterruptedException {
    Ended refused = espalier.run(command.toArray(String[]::new));

    assertThat(refused.exitCode()).as(refused.text()).isEqualTo(2);
    assertThat(refused.text().lines().filter(line -> line.startsWith("espalier: ")))
        .singleElement()
        .asString()
        .contains(reason, MISSING);
    assertThat(refused.text()).doesNotContain("Exception", "\tat ", "unexpected failure");
    assertThat(home.resolve("no")).doesNotExist();
  }

  @Test
  void train_withoutTheVectorApi_saysSoOnceAndHasTheSameBits()
      throws IOException, InterruptedException {
    Ended trained =
        espalier.run(
            EspalierProcess.OWN_JDK,
            List.of(),
            "train",
            "digits",
            "--out",
            "scalar",
            "--kafka",
            NOWHERE,
            "-D",
            "train.epochs=2",
            "-D",
            "train.execution=java");

    assertThat(trained.exitCode()).as(trained.text()).isZero();
    assertThat(trained.text())
        .containsOnlyOnce(
            "steps in plain Java have the same bits here and take longer: scalar (start Java with"
                + " --add-modules jdk.incubator.vector for SIMD)");
    assertThat(home.resolve("scalar/model.safetensors"))
        .hasSameBinaryContentAs(home.resolve("java/model.safetensors"));
  }
}
