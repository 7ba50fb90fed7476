package io.espalier.federation.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The accepted results of the present round as files, so that memory does not grow with the cohort.
 * A later attempt plays the round again: they need not survive the process.
 */
record ResultFiles(Path directory) {
  private static final String DIRECTORY = "results";

  /** Deletes what an earlier attempt has left. */
  static ResultFiles begin(Path folder) throws IOException {
    ResultFiles files = new ResultFiles(folder.resolve(DIRECTORY));
    files.delete();
    Files.createDirectories(files.directory());
    return files;
  }

  void keep(VirtualClient client, ByteBuffer result) {
    byte[] bytes = new byte[result.remaining()];
    result.duplicate().get(bytes);
    try {
      Files.write(directory.resolve(client.name()), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ByteBuffer of(VirtualClient client) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(directory.resolve(client.name())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
