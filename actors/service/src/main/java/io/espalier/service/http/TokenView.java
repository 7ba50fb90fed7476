package io.espalier.service.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** A file's tokens as they were at most a second ago; looks only when asked. Thread-safe. */
final class TokenView {
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path file;
  private List<Token> tokens = List.of();
  private Optional<Version> version = Optional.empty();
  private long looked;
  private boolean fresh;

  /** By which a changed file is known: every change makes a new one. */
  private record Version(Object modified, long bytes, Optional<Object> key) {}

  TokenView(Path file) {
    this.file = file;
  }

  synchronized List<Token> tokens() throws IOException {
    long now = System.nanoTime();
    if (!fresh || now - looked >= LOOK_NANOS) {
      fresh = false;
      look();
      looked = now;
      fresh = true;
    }
    return tokens;
  }

  private void look() throws IOException {
    Optional<Version> current = current();
    if (!current.equals(version) || current.isEmpty()) {
      tokens = TokenFile.read(file);
      version = current;
    }
  }

  private Optional<Version> current() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Version(
              attributes.lastModifiedTime(),
              attributes.size(),
              Optional.ofNullable(attributes.fileKey())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
