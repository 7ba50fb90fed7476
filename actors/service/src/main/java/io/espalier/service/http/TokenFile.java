package io.espalier.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.federation.trust.OwnerOnlyFiles;
import io.espalier.service.ApiJson;
import io.espalier.service.Quota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code {"tokens":[{"name":…,"role":…,"created":…,"sha256":…}],"projects":{NAME:{"runs":…}}}},
 * owner-only. Thread-safe.
 */
final class TokenFile {
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path file;
  private Content content = Content.NONE;
  private Optional<Version> version = Optional.empty();
  private long looked = System.nanoTime() - LOOK_NANOS;

  /** Differs after every change of the file. */
  private record Version(Object modified, long bytes, Optional<Object> key) {}

  /** The tokens in the order of their creation, and the quotas of projects by their names. */
  record Content(List<Token> tokens, Map<String, Quota> projects) {
    static final Content NONE = new Content(List.of(), Map.of());

    Content {
      tokens = List.copyOf(tokens);
      projects = Map.copyOf(projects);
    }
  }

  TokenFile(Path file) {
    this.file = file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** The content, at most a second old. */
  synchronized Content recent() throws IOException {
    long now = System.nanoTime();
    if (now - looked >= LOOK_NANOS) {
      Optional<Version> current = version();
      if (!current.equals(version) || current.isEmpty()) {
        content = read();
        version = current;
      }
      looked = now;
    }
    return content;
  }

  /** None if the file does not exist. */
  Content read() throws IOException {
    if (!exists()) {
      return Content.NONE;
    }
    try {
      JsonNode root = Json.LENIENT.readTree(OwnerOnlyFiles.read(file));
      return new Content(
          List.of(ApiJson.read(root.required("tokens"), Token[].class)),
          projects(root.path("projects")));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(
          "the file of tokens must be as Espalier wrote it: file=%s; restore it, or remove it to make tokens anew"
              .formatted(file),
          e);
    }
  }

  private static Map<String, Quota> projects(JsonNode node) throws JsonProcessingException {
    Map<String, Quota> projects = new HashMap<>();
    for (var each : node.properties()) {
      projects.put(each.getKey(), ApiJson.read(each.getValue(), Quota.class));
    }
    return projects;
  }

  void write(Content changed) throws IOException {
    ObjectNode root = Json.LENIENT.createObjectNode();
    root.set("tokens", ApiJson.tree(changed.tokens()));
    if (!changed.projects().isEmpty()) {
      root.set("projects", ApiJson.tree(changed.projects()));
    }
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
