package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.service.View;
import io.espalier.telemetry.view.ReadModel;
import io.espalier.telemetry.view.Subject;
import io.espalier.telemetry.view.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What the events of runs say, for a viewer who sees some of them: those that its view of the
 * service has now. A document of another run is absent, as of one that does not exist. Not
 * thread-safe.
 */
final class ViewedRuns implements AutoCloseable {
  private static final String SYSTEM_REASON =
      "what all runs use is shown to tokens of the scope all";

  private final ReadModel model;
  private final View view;
  private final ServiceParts service;
  private final Subscription rows;
  private final Set<Subject> hidden = new HashSet<>();
  private final List<Subscription> shown = new ArrayList<>();
  private final List<JsonNode> first = new ArrayList<>();
  private final Map<String, JsonNode> known = new HashMap<>();
  private Optional<Map<String, JsonNode>> sent = Optional.empty();
  private boolean isListed;
  private Set<String> seen = Set.of();

  ViewedRuns(ReadModel model, List<Subject> subjects, View view, ServiceParts service) {
    this.model = model;
    this.view = view;
    this.service = service;
    this.rows = model.subscribe(subjects.stream().filter(Subject.RUNS::equals).toList());
    for (Subject subject : subjects) {
      if (subject.run().isPresent()) {
        hidden.add(subject);
        first.add(message("absent", subject));
      } else if (subject.equals(Subject.SYSTEM)) {
        first.add(message("absent", subject).put("reason", SYSTEM_REASON));
      }
    }
  }

  /** The messages since the last call; never waits. */
  List<JsonNode> poll() {
    look();
    List<JsonNode> messages = new ArrayList<>(first);
    first.clear();
    for (Iterator<Subject> each = hidden.iterator(); each.hasNext(); ) {
      Subject subject = each.next();
      if (subject.run().filter(run -> seen.contains(run.value())).isPresent()) {
        each.remove();
        shown.add(model.subscribe(List.of(subject)));
      }
    }
    shown.forEach(each -> messages.addAll(each.poll()));
    rows.poll().forEach(this::take);
    messages.addAll(rows());
    return messages;
  }

  /** Keeps what was seen while the service does not answer. */
  private void look() {
    CompletableFuture<Map<String, JsonNode>> answer = service.of(view).toCompletableFuture();
    if (answer.isDone()) {
      try {
        seen = answer.join().keySet();
      } catch (CompletionException e) {
        // The source has logged it.
        return;
      }
    }
  }

  private void take(JsonNode message) {
    isListed = true;
    if (message.path("type").asText().equals("snapshot")) {
      known.clear();
    }
    message
        .path("parts")
        .properties()
        .forEach(
            part -> {
              if (part.getValue().isNull()) {
                known.remove(part.getKey());
              } else {
                known.put(part.getKey(), part.getValue());
              }
            });
  }

  private List<JsonNode> rows() {
    if (!isListed) {
      return List.of();
    }
    Map<String, JsonNode> now = new HashMap<>(known);
    now.keySet().retainAll(seen);
    boolean isFirst = sent.isEmpty();
    Map<String, JsonNode> before = sent.orElse(Map.of());
    ObjectNode parts = Json.LENIENT.createObjectNode();
    now.forEach(
        (run, row) -> {
          if (!row.equals(before.get(run))) {
            parts.set(run, row);
          }
        });
    before.keySet().stream().filter(run -> !now.containsKey(run)).forEach(parts::putNull);
    sent = Optional.of(now);
    if (parts.isEmpty() && !isFirst) {
      return List.of();
    }
    ObjectNode message = message(isFirst ? "snapshot" : "change", Subject.RUNS);
    message.set("parts", parts);
    message.putObject("series");
    return List.of(message);
  }

  private static ObjectNode message(String type, Subject subject) {
    return Json.LENIENT.createObjectNode().put("type", type).put("subject", subject.name());
  }

  @Override
  public void close() {
    rows.close();
    shown.forEach(Subscription::close);
  }
}
