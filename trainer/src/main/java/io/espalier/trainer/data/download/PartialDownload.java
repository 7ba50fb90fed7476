package io.espalier.trainer.data.download;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What has arrived of a remote file, and beside it the validator with which the rest may be asked
 * for: a strong entity tag or a date of modification (RFC 9110, 13.1.5).
 *
 * <p>Not thread-safe, and not for two processes.
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

  /** Name of the remote file. */
  String name() {
    return name;
  }

  Path path() {
    return file;
  }

  long length() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** The validator of what is here; empty if there is nothing, or nothing that can be continued. */
  Optional<String> validator() throws IOException {
    if (length() == 0 || !Files.exists(tag)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(tag);
    return lines.size() == 2 && lines.get(0).equals(address.toString())
        ? Optional.of(lines.get(1))
        : Optional.empty();
  }

  /** Opens an empty file; at every moment the tag is that of the content, or there is none. */
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
