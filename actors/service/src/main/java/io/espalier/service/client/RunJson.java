package io.espalier.service.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunKind;
import io.espalier.service.RunPage;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceException.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the API's JSON; fields that it does not know are passed over. */
final class RunJson {
  private RunJson() {}

  static RunStatus status(JsonNode json) {
    return new RunStatus(
        text(json, "run"),
        text(json, "name"),
        choice(RunKind.class, json, "kind"),
        choice(RunState.class, json, "state"),
        json.path("priority").asInt(),
        json.path("trainers").asInt(),
        time(json, "submitted"),
        time(json, "changed"),
        optional(json, "waitsFor"),
        json.path("term").asLong(),
        optional(json, "node"),
        json.path("step").asLong(),
        whole(json, "totalSteps"),
        whole(json, "checkpointStep"),
        real(json, "accuracy"),
        real(json, "sparsity"),
        optional(json, "gateway"),
        optional(json, "cause"));
  }

  static RunPage page(JsonNode json) {
    return new RunPage(
        elements(json.path("runs"), "runs").map(RunJson::status).toList(),
        json.path("total").asInt(),
        optional(json, "next"));
  }

  static List<LifecycleEntry> history(JsonNode json) {
    return elements(json, "history")
        .map(
            each ->
                new LifecycleEntry(
                    each.path("number").asLong(),
                    time(each, "time"),
                    text(each, "event"),
                    choice(RunState.class, each, "state"),
                    optional(each, "detail").orElse("")))
        .toList();
  }

  private static Stream<JsonNode> elements(JsonNode list, String what) {
    if (!list.isArray()) {
      throw foreign(what, list.toString());
    }
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static String text(JsonNode json, String field) {
    return optional(json, field).orElseThrow(() -> foreign(field, "missing"));
  }

  private static Optional<String> optional(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static OptionalLong whole(JsonNode json, String field) {
    return json.path(field).isNumber()
        ? OptionalLong.of(json.path(field).asLong())
        : OptionalLong.empty();
  }

  private static OptionalDouble real(JsonNode json, String field) {
    return json.path(field).isNumber()
        ? OptionalDouble.of(json.path(field).asDouble())
        : OptionalDouble.empty();
  }

  private static Instant time(JsonNode json, String field) {
    String text = text(json, field);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw foreign(field, text);
    }
  }

  private static <E extends Enum<E>> E choice(Class<E> type, JsonNode json, String field) {
    String text = text(json, field);
    return Stream.of(type.getEnumConstants())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> foreign(field, text));
  }

  private static ServiceException foreign(String field, String value) {
    return new ServiceException(
        Reason.FAILED,
        "the service must speak version 1 of the API: %s=%s; use the client of the same version as the service"
            .formatted(field, value));
  }
}
