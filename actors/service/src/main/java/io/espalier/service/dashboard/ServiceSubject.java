package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The service for one viewer: a snapshot, then changed parts; without a service, one message of its
 * absence. Not thread-safe.
 */
final class ServiceSubject {
  private final String subject;
  private final Optional<Supplier<CompletionStage<Map<String, JsonNode>>>> source;
  private Optional<CompletableFuture<Map<String, JsonNode>>> request = Optional.empty();
  private Optional<Map<String, JsonNode>> sent = Optional.empty();

  /** The maps of {@code source} and their values are immutable. */
  ServiceSubject(
      String subject, Optional<Supplier<CompletionStage<Map<String, JsonNode>>>> source) {
    this.subject = subject;
    this.source = source;
  }

  /** The messages since the last call; never waits. A late answer follows at a later call. */
  List<JsonNode> poll() {
    if (source.isEmpty()) {
      return absent();
    }
    CompletableFuture<Map<String, JsonNode>> answer =
        request.orElseGet(() -> source.get().get().toCompletableFuture());
    request = answer.isDone() ? Optional.empty() : Optional.of(answer);
    if (!answer.isDone()) {
      return List.of();
    }
    try {
      return messages(answer.join());
    } catch (CompletionException e) {
      // The source has logged it; the viewer keeps its parts.
      return List.of();
    }
  }

  private List<JsonNode> absent() {
    if (sent.isPresent()) {
      return List.of();
    }
    sent = Optional.of(Map.of());
    return List.of(message("absent").put("reason", "this dashboard is not a part of a service"));
  }

  private List<JsonNode> messages(Map<String, JsonNode> now) {
    ObjectNode parts = Json.LENIENT.createObjectNode();
    Map<String, JsonNode> before = sent.orElse(Map.of());
    now.forEach(
        (name, part) -> {
          if (!part.equals(before.get(name))) {
            parts.set(name, part);
          }
        });
    before.keySet().stream().filter(name -> !now.containsKey(name)).forEach(parts::putNull);
    boolean isFirst = sent.isEmpty();
    sent = Optional.of(now);
    if (parts.isEmpty() && !isFirst) {
      return List.of();
    }
    ObjectNode message = message(isFirst ? "snapshot" : "change");
    message.set("parts", parts);
    message.putObject("series");
    return List.of(message);
  }

  private ObjectNode message(String type) {
    return Json.LENIENT.createObjectNode().put("type", type).put("subject", subject);
  }
}
