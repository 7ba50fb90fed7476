package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.service.http.ApiJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What one viewer has been told of an {@link ServiceSubject}. Not thread-safe. */
final class ServiceSubjectView implements LiveStream.News {
  private final String subject;
  private final ServiceSubject source;
  private CompletableFuture<Map<String, JsonNode>> asked =
      CompletableFuture.completedFuture(Map.of());
  private Optional<Map<String, JsonNode>> told = Optional.empty();
  private boolean isAsked;

  ServiceSubjectView(String subject, ServiceSubject source) {
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
    ObjectNode parts = ApiJson.object();
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
        ApiJson.object().put("type", isFirst ? "snapshot" : "change").put("subject", subject);
    message.set("parts", parts);
    message.putObject("series");
    return List.of(message);
  }
}
