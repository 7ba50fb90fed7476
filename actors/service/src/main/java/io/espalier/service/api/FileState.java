package io.espalier.service.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * What a look at a file shows.
 *
 * @param key which file it is, as a name may come to stand for another; empty if there is none
 */
record FileState(Optional<Object> key, long bytes) {
  static final FileState ABSENT = new FileState(Optional.empty(), 0);

  static FileState of(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileState(Optional.ofNullable(attributes.fileKey()), attributes.size());
    } catch (NoSuchFileException e) {
      return ABSENT;
    }
  }
}
