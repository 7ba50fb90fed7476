package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.training.run.ChildJvm;
import io.espalier.training.run.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code prune} beside other programs, and as a process that is interrupted. */
@Tag("slow")
class PruneProcessTest {

  @TempDir private Path directory;

  @Test
  void prune_file_opensInNumpy() throws Exception {
    Path in = write(directory.resolve("in.safetensors"));
    Path out = directory.resolve("out.safetensors");

    CommandRun run =
        CommandRun.of("prune", in.toString(), "-o", out.toString(), "--sparsity", "75%");
    String read =
        python(
            """
            import sys, numpy
            from safetensors import safe_open
            with safe_open(sys.argv[1], "np") as dense, safe_open(sys.argv[2], "np") as pruned:
                before, after = dense.get_tensor("w"), pruned.get_tensor("w")
                kept = after != 0
                smallest, largest = abs(before[kept]).min(), abs(before[~kept]).max()
                print(kept.sum(), (after[kept] == before[kept]).all(), smallest >= largest)
                print(pruned.metadata())
            """,
            in,
            out);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(read).isEqualTo("1000 True True\n{'format': 'pt'}\n");
  }

  @Test
  void prune_onAFullDisk_namesIt_andLeavesNothing() throws Exception {
    Path in = write(directory.resolve("in.safetensors"));
    SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 8);
    try {
      CommandRun run =
          CommandRun.of(
              "prune", in.toString(), "-o", directory.resolve("disk/out.safetensors").toString());

      assertThat(run.err()).contains("No space left on device", "make room");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(names(directory.resolve("disk"))).isEmpty();
    } finally {
      disk.unmount();
    }
  }

  @Test
  void prune_interruptedWhileItWrites_leavesNoFile() throws Exception {
    Path in = directory.resolve("in.safetensors");
    writeZeros(in, 512);
    Path part = directory.resolve("out.safetensors.part");
    try (ChildJvm child =
        ChildJvm.start(
            Espalier.class,
            List.of(
                "prune",
                in.toString(),
                "-o",
                directory.resolve("out.safetensors").toString(),
                "--allocation",
                "uniform"),
            directory,
            directory.resolve("log"))) {
      while (Files.notExists(part)) {
        assertThat(child.isAlive()).as(child.printed()).isTrue();
        Thread.sleep(1);
      }

      child.signal("INT");

      assertThat(child.await()).isEqualTo(130);
      assertThat(child.printed()).doesNotContain("Exception", "unexpected");
    }
    assertThat(names(directory)).containsExactly("in.safetensors", "log");
  }

  private static Path write(Path file) throws IOException {
    Random random = new Random(5);
    float[] values = new float[4000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Safetensors.write(
        file, Map.of("w", StoredTensor.ofFloats(List.of(50, 80), values)), Map.of("format", "pt"));
    return file;
  }

  /** Tensors of 4 MB in a file that takes no room on the disk. */
  private static void writeZeros(Path file, int tensors) throws IOException {
    long bytes = 4L << 20;
    byte[] header =
        IntStream.range(0, tensors)
            .mapToObj(
                t ->
                    "\"w%d\":{\"dtype\":\"F32\",\"shape\":[1024,1024],\"data_offsets\":[%d,%d]}"
                        .formatted(t, t * bytes, (t + 1) * bytes))
            .collect(Collectors.joining(",", "{", "}"))
            .getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.writeLong(Long.reverseBytes(header.length));
      out.write(header);
      out.setLength(out.getFilePointer() + tensors * bytes);
    }
  }

  private String python(String script, Path... arguments) throws Exception {
    Path file = Files.writeString(directory.resolve("script.py"), script);
    return Python.run(
        directory, file, Stream.of(arguments).map(Path::toString).toArray(String[]::new));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
