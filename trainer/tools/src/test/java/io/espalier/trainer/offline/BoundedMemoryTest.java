package io.espalier.trainer.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.TensorSpan;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose heap is less than half of the file, and less than a quarter of all weights and
 * scores.
 */
class BoundedMemoryTest {
  private static final int TENSORS = 96;
  private static final int SIDE = 512;
  private static final int BYTES = 4 * SIDE * SIDE;
  private static final String HEAP = "-Xmx44m";

  @TempDir Path directory;

  /** The child process. */
  public static void main(String[] arguments) throws IOException {
    OfflinePruner.of("prune.score=lamp", "prune.sparsity=90%")
        .prune(Path.of(arguments[0]), Path.of(arguments[1]));
  }

  @Test
  void prune_globallyByLamp_needsNoMoreThanOneTensorAndBits() throws Exception {
    Path in = directory.resolve("in.safetensors");
    Path out = directory.resolve("out.safetensors");
    write(in);

    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BoundedMemoryTest.class.getName(),
                in.toString(),
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    boolean ended = child.waitFor(4, TimeUnit.MINUTES);
    child.destroyForcibly().onExit().join();

    assertThat(Files.readString(directory.resolve("log"))).doesNotContain("Exception", "Error");
    assertThat(ended).isTrue();
    assertThat(child.exitValue()).isZero();
    assertThat(Files.size(out)).isEqualTo(Files.size(in));
    assertThat(kept(out)).isEqualTo((TENSORS * (long) (SIDE * SIDE) + 9) / 10);
  }

  private static void write(Path file) throws IOException {
    byte[] header =
        IntStream.range(0, TENSORS)
            .mapToObj(
                t ->
                    "\"w%d\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
                        .formatted(t, SIDE, SIDE, (long) t * BYTES, (t + 1L) * BYTES))
            .collect(Collectors.joining(",", "{", "}"))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer values = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      SplittableRandom random = new SplittableRandom(11);
      for (int t = 0; t < TENSORS; t++) {
        values.clear();
        while (values.hasRemaining()) {
          values.putFloat((float) (random.nextDouble() - 0.5) * (t + 1) + 1e-9f);
        }
        out.write(values.array());
      }
    }
  }

  private static long kept(Path file) throws IOException {
    long kept = 0;
    TensorValues values = new TensorValues();
    List<TensorSpan> spans = Safetensors.readSpans(file);
    for (TensorSpan span : spans) {
      for (float value : values.read(new PrunableTensor(file, span))) {
        kept += value != 0 ? 1 : 0;
      }
    }
    return kept;
  }
}
