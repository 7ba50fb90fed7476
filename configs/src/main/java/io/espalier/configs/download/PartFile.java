package io.espalier.configs.download;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The received part of a remote file, beside its target, and beside it the validator for requesting
 * the rest: a strong entity tag or a date of modification (RFC 9110, 13.1.5). Both names depend on
 * the target only, so that the part of another version is replaced.
 */
public final class PartFile {
  private final Path target;
  private final Path file;
  private final Path tag;
  private final URI address;

  PartFile(Path target, URI address) {
    this.target = target;
    this.file = target.resolveSibling(target.getFileName() + ".download");
    this.tag = target.resolveSibling(target.getFileName() + ".download.tag");
    this.address = address;
  }

  public Path path() {
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
  FileChannel restart(HttpHeaders headers) throws IOException {
    discard();
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Optional<String> validator =
        headers
            .firstValue("ETag")
            .filter(each -> !each.startsWith("W/"))
            .or(() -> headers.firstValue("Last-Modified"));
    if (validator.isPresent()) {
      Files.write(tag, List.of(address.toString(), validator.get()));
    }
    return channel;
  }

  FileChannel append() throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Moves the fetched file to the target, in place of an older one. */
  public void keep() throws IOException {
    try (FileChannel channel = append()) {
      channel.force(true);
    }
    Files.deleteIfExists(tag);
    AtomicFile.move(file, target);
  }

  public void discard() throws IOException {
    Files.deleteIfExists(tag);
    Files.deleteIfExists(file);
  }
}
