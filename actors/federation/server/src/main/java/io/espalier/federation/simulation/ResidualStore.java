package io.espalier.federation.simulation;

import io.espalier.configs.file.AtomicFile;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rounding errors of clients on disk, one file for each client and round, so that memory does
 * not grow with the clients and a later attempt finds those of its checkpoint. A file holds
 * little-endian F32, entry by entry. Not thread-safe.
 */
record ResidualStore(Path folder, List<Integer> sizes) {
  List<ErrorFeedback> of(String client, long completed) throws IOException {
    List<Path> files = newestFirst(client, completed);
    return files.isEmpty() ? sizes.stream().map(ErrorFeedback::none).toList() : read(files.get(0));
  }

  /**
   * Stores the errors of a client after a round, and keeps those at the oldest round that can still
   * be resumed.
   */
  void keep(String client, long round, List<ErrorFeedback> owed, long oldest) throws IOException {
    Path file = Files.createDirectories(folder.resolve(client)).resolve("%010d".formatted(round));
    byte[] bytes = bytes(owed);
    AtomicFile.write(file, stream -> stream.write(bytes));
    for (Path older : newestFirst(client, oldest).stream().skip(1).toList()) {
      Files.delete(older);
    }
  }

  private List<Path> newestFirst(String client, long latest) throws IOException {
    Path own = folder.resolve(client);
    if (!Files.isDirectory(own)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(own)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d{10,}"))
          .filter(file -> Long.parseLong(file.getFileName().toString()) <= latest)
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private byte[] bytes(List<ErrorFeedback> owed) {
    int values = sizes.stream().mapToInt(Integer::intValue).sum();
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values).order(ByteOrder.LITTLE_ENDIAN);
    for (ErrorFeedback each : owed) {
      for (float value : each.owed()) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }

  private List<ErrorFeedback> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int values = sizes.stream().mapToInt(Integer::intValue).sum();
    if (bytes.remaining() != Float.BYTES * values) {
      throw new MalformedFileException(
          file,
          "must hold a value for each of the network: bytes=%d, values=%d"
              .formatted(bytes.remaining(), values));
    }
    List<ErrorFeedback> owed = new ArrayList<>();
    for (int size : sizes) {
      float[] each = new float[size];
      bytes.asFloatBuffer().get(each);
      bytes.position(bytes.position() + Float.BYTES * size);
      owed.add(ErrorFeedback.of(each));
    }
    return owed;
  }
}
