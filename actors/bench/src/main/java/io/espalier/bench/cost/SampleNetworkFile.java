package io.espalier.bench.cost;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A safetensors file of square F32 weights of about 4 MB, each normal with a scale of its own. */
final class SampleNetworkFile {
  private static final int SIDE = 1024;
  private static final int BYTES = 4 * SIDE * SIDE;
  private static final int CHANCES = 1 << 16;

  private SampleNetworkFile() {}

  static Path write(Path file, int megabytes) throws IOException {
    int tensors = Math.max(1, megabytes / (BYTES >> 20));
    byte[] header =
        IntStream.range(0, tensors)
            .mapToObj(SampleNetworkFile::entry)
            .collect(Collectors.joining(",", "{", "}"))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer values = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      for (int tensor = 0; tensor < tensors; tensor++) {
        fill(values.clear(), new SplittableRandom(tensor));
        out.write(values.array());
      }
    }
    return file;
  }

  private static String entry(int tensor) {
    long begin = (long) tensor * BYTES;
    return "\"layer%d.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
        .formatted(tensor, SIDE, SIDE, begin, begin + BYTES);
  }

  /** Sums of four uniform draws, close to normal. */
  private static void fill(ByteBuffer values, SplittableRandom random) {
    float scale = (float) random.nextDouble(0.01, 0.1) / CHANCES;
    while (values.hasRemaining()) {
      long draw = random.nextLong();
      long sum = (draw & 0xffff) + (draw >>> 16 & 0xffff) + (draw >>> 32 & 0xffff) + (draw >>> 48);
      values.putFloat(scale * (sum - 2 * CHANCES + random.nextInt(0x100) / 256f));
    }
  }
}
