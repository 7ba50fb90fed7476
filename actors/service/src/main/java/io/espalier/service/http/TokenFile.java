package io.espalier.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.federation.trust.OwnerOnlyFiles;
import io.espalier.service.http.Tokens.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code {"tokens":[{"name":…,"role":…,"created":…,"sha256":…}]}}, readable by its owner alone.
 * Thread-safe.
 */
final class TokenFile {
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path file;
  private List<Token> tokens = List.of();
  private Optional<Version> version = Optional.empty();
  private long looked;
  private boolean fresh;

  /** Every change of the file makes another version. */
  private record Version(Object modified, long bytes, Optional<Object> key) {}

  TokenFile(Path file) {
    this.file = file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** The tokens as they were at most a second ago. */
  synchronized List<Token> recent() throws IOException {
    long now = System.nanoTime();
    if (!fresh || now - looked >= LOOK_NANOS) {
      fresh = false;
      Optional<Version> current = version();
      if (!current.equals(version) || current.isEmpty()) {
        tokens = read();
        version = current;
      }
      looked = now;
      fresh = true;
    }
    return tokens;
  }

  /** None if the file does not exist. */
  List<Token> read() throws IOException {
    if (!exists()) {
      return List.of();
    }
    try {
      List<Token> read = new ArrayList<>();
      for (JsonNode node : Json.LENIENT.readTree(OwnerOnlyFiles.read(file)).required("tokens")) {
        read.add(token(node));
      }
      return List.copyOf(read);
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          "the file of tokens must be as Espalier wrote it: file=%s; restore it, or remove it to make tokens anew"
              .formatted(file),
          e);
    }
  }

  void write(List<Token> list) throws IOException {
    ObjectNode root = Json.LENIENT.createObjectNode();
    ArrayNode array = root.putArray("tokens");
    for (Token token : list) {
      array
          .addObject()
          .put("name", token.name())
          .put("role", token.role().spelling())
          .put("created", token.created().toString())
          .put("sha256", token.sha256());
    }
    OwnerOnlyFiles.write(file, root.toPrettyString() + "\n");
  }

  private static Token token(JsonNode node) {
    String role = node.required("role").asText();
    return new Token(
        node.required("name").asText(),
        Role.named(role)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "role must be one of %s: role=%s".formatted(Role.spellings(), role))),
        Instant.parse(node.required("created").asText()),
        node.required("sha256").asText());
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
