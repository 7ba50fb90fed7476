package io.espalier.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.federation.trust.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code {"tokens":[{"name":…,"role":…,"created":…,"sha256":…}]}}, for its owner's eyes only. */
final class TokenFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenFile() {}

  /** The tokens of a file; none if it does not exist. */
  static List<Token> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<Token> tokens = new ArrayList<>();
      for (JsonNode node : JSON.readTree(OwnerOnlyFiles.read(file)).required("tokens")) {
        tokens.add(token(node));
      }
      return List.copyOf(tokens);
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          "the file of tokens must be as Espalier wrote it: file=%s; restore it, or remove it to make tokens anew"
              .formatted(file),
          e);
    }
  }

  static void write(Path file, List<Token> tokens) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("tokens");
    for (Token token : tokens) {
      list.addObject()
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
}
