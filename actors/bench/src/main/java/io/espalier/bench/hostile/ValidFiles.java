package io.espalier.bench.hostile;

import io.espalier.cli.Espalier;
import io.espalier.configs.recipe.Recipes;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Valid files of each kind, small, by their names in a directory; some names have alternatives, of
 * which an attack takes one.
 */
final class ValidFiles {
  private static final int EXAMPLES = 12;
  private static final int SIDE = 8;

  private final Path scratch;

  ValidFiles(Path scratch) {
    this.scratch = scratch;
  }

  /** Trains a small network and exports it, and writes the rest. */
  Map<InputKind, Map<String, List<byte[]>>> all() throws IOException {
    Path run = scratch.resolve("valid-run");
    Path onnx = scratch.resolve("valid.onnx");
    espalier(
        "train",
        "digits",
        "-D",
        "model.hidden=[8]",
        "-D",
        "train.epochs=1",
        "--quiet",
        "--out",
        run.toString());
    espalier("export", run.toString(), "--format", "onnx", "--output", onnx.toString());
    Map<InputKind, Map<String, List<byte[]>>> files = new LinkedHashMap<>();
    files.put(InputKind.RECIPE, Map.of("recipe.conf", recipes()));
    files.put(InputKind.SAFETENSORS, one("model.safetensors", run.resolve("model.safetensors")));
    files.put(InputKind.MASKS, one("masks.safetensors", run.resolve("masks.safetensors")));
    files.put(InputKind.ONNX, one("model.onnx", onnx));
    files.put(InputKind.CSV, Map.of("table.csv", List.of(table(",", ""), table(";", "\""))));
    files.put(InputKind.IDX, idx());
    files.put(InputKind.IMAGES, images());
    return files;
  }

  private static void espalier(String... command) throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter console = new PrintWriter(said);
    if (Espalier.run(console, console, command) != 0) {
      throw new IOException("valid files must be made: " + said);
    }
  }

  private static Map<String, List<byte[]>> one(String name, Path file) throws IOException {
    return Map.of(name, List.of(Files.readAllBytes(file)));
  }

  /** All shipped recipes, on the data that is bundled. */
  private static List<byte[]> recipes() {
    return Recipes.names().stream()
        .map(name -> Recipes.text(name).orElseThrow().replace("fashion-mnist", "digits"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static byte[] table(String separator, String quote) {
    StringBuilder text = new StringBuilder(String.join(separator, "width", "colour", "kind\n"));
    for (int row = 0; row < EXAMPLES * 4; row++) {
      text.append(row % 5 == 0 ? "" : row * 0.25)
          .append(separator)
          .append(quote)
          .append(row % 2 == 0 ? "red" : "blue")
          .append(quote)
          .append(separator)
          .append(row % 3)
          .append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, List<byte[]>> idx() {
    Map<String, List<byte[]>> files = new LinkedHashMap<>();
    for (String set : List.of("train", "t10k")) {
      ByteBuffer images = ByteBuffer.allocate(16 + EXAMPLES * SIDE * SIDE);
      images.putInt(0x803).putInt(EXAMPLES).putInt(SIDE).putInt(SIDE);
      ByteBuffer labels = ByteBuffer.allocate(8 + EXAMPLES).putInt(0x801).putInt(EXAMPLES);
      for (int example = 0; example < EXAMPLES; example++) {
        labels.put((byte) (example % 3));
      }
      files.put(set + "-images-idx3-ubyte", List.of(images.array()));
      files.put(set + "-labels-idx1-ubyte", List.of(labels.array()));
    }
    return files;
  }

  private static Map<String, List<byte[]>> images() throws IOException {
    Map<String, List<byte[]>> files = new LinkedHashMap<>();
    for (String name : List.of("cat", "dog")) {
      for (int image = 0; image < 2; image++) {
        files.put(name + "/" + image + ".png", List.of(image("png"), image("jpg"), image("bmp")));
      }
    }
    return files;
  }

  private static byte[] image(String format) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE + 2, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, bytes)) {
      throw new IllegalStateException("every Java writes images of format " + format);
    }
    return bytes.toByteArray();
  }
}
