package io.espalier.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.federation.trust.OwnerOnlyFiles;
import io.espalier.service.ApiJson;
import io.espalier.service.http.Tokens.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** {@code {"tokens":[{"name":…,"role":…,"created":…,"sha256":…}]}}, owner-only. Thread-safe. */
final class TokenFile {
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path file;
  private List<Token> tokens = List.of();
  private Optional<Version> version = Optional.empty();
  private long looked = System.nanoTime() - LOOK_NANOS;

  /** Differs after every change of the file. */
  private record Version(Object modified, long bytes, Optional<Object> key) {}

  TokenFile(Path file) {
    this.file = file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** The tokens, at most a second old. */
  synchronized List<Token> recent() throws IOException {
    long now = System.nanoTime();
    if (now - looked >= LOOK_NANOS) {
      Optional<Version> current = version();
      if (!current.equals(version) || current.isEmpty()) {
        tokens = read();
        version = current;
      }
      looked = now;
    }
    return tokens;
  }

  /** None if the file does not exist. */
  List<Token> read() throws IOException {
    if (!exists()) {
      return List.of();
    }
    try {
      JsonNode root = Json.LENIENT.readTree(OwnerOnlyFiles.read(file));
      return List.of(ApiJson.read(root.required("tokens"), Token[].class));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(
          "the file of tokens must be as Espalier wrote it: file=%s; restore it, or remove it to make tokens anew"
              .formatted(file),
          e);
    }
  }

  void write(List<Token> list) throws IOException {
    ObjectNode root = Json.LENIENT.createObjectNode();
    root.set("tokens", ApiJson.tree(list));
    OwnerOnlyFiles.write(file, root.toPrettyString() + "\n");
  }

  private Optional<Version> version() throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
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
