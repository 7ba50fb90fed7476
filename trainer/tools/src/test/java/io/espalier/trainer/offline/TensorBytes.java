package io.espalier.trainer.offline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A safetensors file put together tensor by tensor, with a header as another program spaces it. */
final class TensorBytes {
  private final List<String> fields =
      new ArrayList<>(List.of("\"__metadata__\": {\"format\": \"pt\"}"));
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  TensorBytes add(String name, String type, List<Integer> shape, byte... bytes) {
    int begin = data.size();
    data.writeBytes(bytes);
    fields.add(
        "\"%s\": {\"data_offsets\": [%d, %d], \"shape\": %s, \"dtype\": \"%s\"}"
            .formatted(name, begin, data.size(), shape, type));
    return this;
  }

  TensorBytes floats(String name, List<Integer> shape, float... values) {
    return add(name, "F32", shape, f32(values));
  }

  Path write(Path file) throws IOException {
    byte[] json =
        fields.stream()
            .collect(Collectors.joining(",  ", "{ ", " }   "))
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    out.write(json);
    out.write(data.toByteArray());
    return Files.write(file, out.toByteArray());
  }

  static byte[] f32(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static byte[] words(int... halves) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * halves.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int half : halves) {
      bytes.putShort((short) half);
    }
    return bytes.array();
  }
}
