package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train}, {@code evaluate}, {@code predict} and {@code export} on image files. */
final class ImageCommandsTest {
  private static final List<String> FORMATS = List.of("png", "jpg", "bmp");
  private static final List<String> CLASSES = List.of("flat bar", "tall bar");

  @TempDir private static Path directory;
  private static CommandRun trained;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(8);
    for (int i = 0; i < 60; i++) {
      write(directory.resolve("bars").resolve(CLASSES.get(i % 2)), i, i % 2 == 0, random);
    }
    for (int i = 0; i < 6; i++) {
      write(directory.resolve("new").resolve(CLASSES.get(i % 2)), i, i % 2 == 0, random);
    }
    Path recipe =
        Files.writeString(
            directory.resolve("bars.conf"),
            """
            data { kind = images, path = "%s", size = [8, 10], colour = grey, batch-size = 12
                   augmentation { crop = 1 } }
            model { kind = mlp, hidden = [16] }
            train { epochs = 30, trainers = 2 }
            prune { sparsity = 50%% }
            """
                .formatted(directory.resolve("bars")));
    trained = succeed("train", recipe.toString(), "--out", path("run"));
  }

  /** Noise with a bright half: the upper one of a flat bar, the left one of a tall bar. */
  private static void write(Path folder, int number, boolean flat, Random random)
      throws IOException {
    int height = 16 + random.nextInt(8);
    int width = 20 + random.nextInt(8);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int level = random.nextInt(90) + ((flat ? 2 * y < height : 2 * x < width) ? 150 : 0);
        image.setRGB(x, y, level << 16 | level << 8 | level);
      }
    }
    Files.createDirectories(folder);
    String format = FORMATS.get(number % 3);
    Path file = folder.resolve("%02d.%s".formatted(number, format));
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
  }

  private static CommandRun succeed(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void train_imageFolder_saysWhatItFound() {
    assertThat(trained.out())
        .contains("data      images: 48 training, 0 validation, 12 test examples\n")
        .contains("network   mlp: 1,312 prunable weights");
  }

  @Test
  void evaluate_ofTheRun_isItsOwnEvaluation() throws IOException {
    JsonNode summary = Json.LENIENT.readTree(directory.resolve("run/summary.json").toFile());

    JsonNode facts = Json.STRICT.readTree(succeed("evaluate", "--json", path("run")).out());

    assertThat(facts.get("accuracy").doubleValue())
        .isEqualTo(summary.get("accuracy").doubleValue())
        .isGreaterThan(.9);
    assertThat(facts.get("examples").intValue()).isEqualTo(12);
  }

  @Test
  void evaluate_labelsOfFolders_takesAllImages() {
    CommandRun run =
        succeed("evaluate", path("run"), "--data-path", path("new"), "--labels", "folders");

    assertThat(run.out()).contains("(6 of 6)", "on " + path("new"));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void evaluate_anotherFolder_takesItsTestShareAndSaysSo() {
    CommandRun run = succeed("evaluate", path("run"), "--data-path", path("new"));

    assertThat(run.out()).contains("of 1)");
    assertThat(run.err()).contains("these are not the data of the run");
  }

  @Test
  void predict_folder_namesEachImageAndItsClass() {
    CommandRun run = succeed("predict", path("run"), path("new"), "--labels", "folders");

    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.get(0)).isEqualTo("row,file,label,probability,actual");
    assertThat(lines.get(1))
        .startsWith("1," + path("new/flat bar/00.png") + ",flat bar,")
        .endsWith(",flat bar");
    assertThat(lines.get(6))
        .startsWith("6," + path("new/tall bar/05.bmp") + ",tall bar,")
        .endsWith(",tall bar");
    assertThat(run.err()).contains("accuracy 100.00 % (6 of 6)");
  }

  @Test
  void predict_oneFile_isItsRowOfTheFolder() throws IOException {
    String file = path("new/tall bar/01.jpg");
    JsonNode all =
        Json.STRICT.readTree(succeed("predict", path("run"), path("new"), "--format=json").out());

    JsonNode one =
        Json.STRICT.readTree(succeed("predict", path("run"), file, "--format=json").out());

    assertThat(one).hasSize(1);
    assertThat(one.get(0).get("file").textValue()).isEqualTo(file);
    assertThat(one.get(0).get("label").textValue()).isEqualTo("tall bar");
    assertThat(all.get(3).get("file").textValue()).isEqualTo(file);
    assertThat(one.get(0).get("probability")).isEqualTo(all.get(3).get("probability"));
  }

  @Test
  void predict_brokenImage_isLeftOutAlone() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("broken"));
    Files.copy(directory.resolve("new/flat bar/00.png"), folder.resolve("a.png"));
    Files.writeString(folder.resolve("b.jpg"), "no image", StandardCharsets.US_ASCII);

    Files.copy(directory.resolve("new/flat bar/00.png"), folder.resolve("c.png"));
    Path file = directory.resolve("broken.csv");

    CommandRun run = CommandRun.of("predict", path("run"), folder.toString());
    CommandRun written =
        CommandRun.of("predict", path("run"), folder.toString(), "-o", file.toString());
    CommandRun alone = CommandRun.of("predict", path("run"), folder.resolve("b.jpg").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).startsWith("1," + folder.resolve("a.png") + ",flat bar,");
    assertThat(lines.get(2)).startsWith("2," + folder.resolve("c.png") + ",flat bar,");
    assertThat(run.err())
        .containsOnlyOnce(folder.resolve("b.jpg") + ": INPUT: must be a PNG, JPEG or BMP")
        .contains("these images were left out; the others are predicted");
    assertThat(written.exitCode()).isEqualTo(1);
    assertThat(file).hasContent(run.out());
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.out()).isEmpty();
    assertThat(alone.err()).contains("every image must be readable: broken=1");
  }

  /** Neither a pipe, which nothing writes to, nor a device without an end is read. */
  @Test
  void images_thatAreNoRegularFiles_areRefusedByName() throws Exception {
    Path folder = Files.createDirectories(directory.resolve("special/a"));
    Files.copy(directory.resolve("new/flat bar/00.png"), folder.resolve("a.png"));
    Path pipe = folder.resolve("pipe.png");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path device = Files.createSymbolicLink(folder.resolve("zero.png"), Path.of("/dev/zero"));
    Path other = Files.createDirectories(directory.resolve("special/b"));
    Files.createSymbolicLink(other.resolve("b.png"), directory.resolve("new/flat bar/00.png"));

    CommandRun predicted = CommandRun.of("predict", path("run"), path("special"));
    CommandRun trained =
        CommandRun.of(
            "train",
            "digits",
            "--dry-run",
            "-D",
            "data=null",
            "-D",
            "data={kind=images, path=\"%s\", size=8, test=50%%, batch-size=1}"
                .formatted(folder.getParent()));

    for (CommandRun run : List.of(predicted, trained)) {
      assertThat(run.err()).contains(pipe + ": ", device + ": ", "must be a regular file");
    }
    assertThat(predicted.exitCode()).as(predicted.err()).isEqualTo(1);
    assertThat(trained.exitCode()).as(trained.err()).isEqualTo(2);
    assertThat(trained.err()).contains("broken=2");
  }

  @Test
  void predict_labelsOfAColumn_areRefused() {
    CommandRun run = CommandRun.of("predict", path("run"), path("new"), "--labels", "species");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("labels=species; give --labels folders");
  }

  @Test
  void export_asOnnx_hasTheEncodingAndTheClasses() throws IOException {
    succeed("export", path("run"), "--format", "onnx", "-o", path("net.onnx"));

    assertThat(Files.readString(directory.resolve("net.onnx"), StandardCharsets.ISO_8859_1))
        .contains(
            "{\"height\":8,\"width\":10,\"fit\":\"crop\",\"colour\":\"grey\"}",
            "[\"flat bar\",\"tall bar\"]");
  }
}
