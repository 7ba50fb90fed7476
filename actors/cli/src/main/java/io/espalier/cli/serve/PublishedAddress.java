package io.espalier.cli.serve;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file by which commands of the same home find the service, while it runs. */
record PublishedAddress(URI address, Path file) implements AutoCloseable {
  static PublishedAddress in(Path directory, URI address) throws IOException {
    Path file = Files.createDirectories(directory).resolve("address");
    AtomicFile.write(file, out -> out.write((address + "\n").getBytes(StandardCharsets.UTF_8)));
    return new PublishedAddress(address, file);
  }

  /** What the service that has the directory published, or one that was killed. */
  public static Optional<String> known(Path directory) throws IOException {
    Path file = directory.resolve("address");
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
