package io.espalier.actors.dashboard.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.actors.http.document.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What one viewer has been told of an {@link OwnSubject}. Not thread-safe. */
final class OwnView implements LiveStream.News {
  private final String subject;
  private final OwnSubject source;
  private CompletableFuture<Map<String, JsonNode>> asked =
      CompletableFuture.completedFuture(Map.of());
  private Optional<Map<String, JsonNode>> told = Optional.empty();
  private boolean isAsked;

  OwnView(String subject, OwnSubject source) {
    this.subject = subject;
    this.source = source;
  }

  /** An answer that is late is told at a later call. */
  @Override
  public List<JsonNode> poll() {
    if (!isAsked) {
      asked = source.parts().toCompletableFuture();
      isAsked = true;
    }
    if (!asked.isDone()) {
      return List.of();
    }
    isAsked = false;
    try {
      return told(asked.join());
    } catch (CompletionException e) {
      // Who answers has logged it; what was told stays.
      return List.of();
    }
  }

  private List<JsonNode> told(Map<String, JsonNode> now) {
    ObjectNode parts = Json.object();
    Map<String, JsonNode> before = told.orElse(Map.of());
    now.forEach(
        (name, part) -> {
          if (!part.equals(before.get(name))) {
            parts.set(name, part);
          }
        });
    before.keySet().stream().filter(name -> !now.containsKey(name)).forEach(parts::putNull);
    boolean isFirst = told.isEmpty();
    told = Optional.of(now);
    if (parts.isEmpty() && !isFirst) {
      return List.of();
    }
    ObjectNode message =
        Json.object().put("type", isFirst ? "snapshot" : "change").put("subject", subject);
    message.set("parts", parts);
    message.putObject("series");
    return List.of(message);
  }
}
