package io.espalier.trainer.data.source;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The received part of a remote file, and beside it the validator for requesting the rest: a strong
 * entity tag or a date of modification (RFC 9110, 13.1.5). For one process at a time.
 */
final class PartialDownload {
  private final String name;
  private final Path file;
  private final Path tag;
  private final URI address;

  PartialDownload(Path directory, URI address) {
    name = address.getPath().substring(address.getPath().lastIndexOf('/') + 1);
    this.file = directory.resolve(name + ".download");
    this.tag = directory.resolve(name + ".download.tag");
    this.address = address;
  }

  String name() {
    return name;
  }

  Path path() {
    return file;
  }

  long length() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** Returns the validator of the received part; empty if it cannot be continued. */
  Optional<String> validator() throws IOException {
    if (length() == 0 || !Files.exists(tag)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(tag);
    return lines.size() == 2 && lines.get(0).equals(address.toString())
        ? Optional.of(lines.get(1))
        : Optional.empty();
  }

  /** Opens an empty file; a stored tag always belongs to the present content. */
  FileChannel restart(Optional<String> validator) throws IOException {
    discard();
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (validator.isPresent()) {
      Files.write(tag, List.of(address.toString(), validator.get()));
    }
    return channel;
  }

  FileChannel append() throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  void discard() throws IOException {
    Files.deleteIfExists(tag);
    Files.deleteIfExists(file);
  }
}
