package io.espalier.service.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A file as it is now.
 *
 * @param tag changes with its content, as an entity tag with its quotes
 */
record ServedFile(Path path, long bytes, String tag) {
  /** The file of that path; empty where there is none, or something that is no file. */
  static Optional<ServedFile> at(Path path) throws IOException {
    try {
      var attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String tag =
          "\"%x-%x\"".formatted(attributes.size(), attributes.lastModifiedTime().toMillis());
      return attributes.isRegularFile()
          ? Optional.of(new ServedFile(path, attributes.size(), tag))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
