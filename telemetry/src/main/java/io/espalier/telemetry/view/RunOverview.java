package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.OutboxEnds;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.outbox.RunIdFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A run directory in short, by its events and in the words of the page's list.
 *
 * @param name of the recipe
 * @param reason of its end
 * @param step completed steps, or rounds of a federation
 * @param accuracy of the newest evaluation, 0 to 1
 * @param loss of the result, else the training loss
 * @param sparsity 0 to 1
 * @param seconds of training so far
 * @param silent whether a run that has not ended has sent nothing for long
 * @param settings of the recipe by key
 */
public record RunOverview(
    Path directory,
    String run,
    String name,
    String kind,
    String state,
    Optional<String> reason,
    long step,
    OptionalLong totalSteps,
    OptionalDouble accuracy,
    OptionalDouble bitsPerCharacter,
    OptionalDouble loss,
    OptionalDouble sparsity,
    OptionalDouble seconds,
    Instant begun,
    Instant updated,
    boolean silent,
    SortedMap<String, String> settings) {
  public RunOverview {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /**
   * Reads a run directory.
   *
   * @param now by which a run is silent
   * @throws IOException if its events cannot be read, or there are none
   */
  public static RunOverview of(Path directory, Instant now) throws IOException {
    Optional<RunDocument> ends = document(action -> OutboxEnds.forEach(directory, action));
    Optional<RunDocument> known =
        ends.filter(each -> each.lifecycle.state().isPresent() || each.lifecycle.end().isPresent());
    RunDocument document =
        (known.isPresent() ? known : document(action -> OutboxReader.forEach(directory, action)))
            .orElseThrow(() -> new IOException("a run must have events: directory=" + directory));
    document.finish();
    return new RunOverview(
        directory,
        Files.exists(directory.resolve(RunIdFile.NAME)) ? RunIdFile.read(directory) : document.id(),
        document.parts().all().path("run"),
        document.lifecycle,
        document.lifecycle.isSilent(now, document.resources.interval()));
  }

  private RunOverview(
      Path directory, RunId id, JsonNode facts, RunLifecycleView lifecycle, boolean silent) {
    this(
        directory,
        id.value(),
        facts.path("name").asText(),
        facts.path("kind").asText(),
        facts.path("state").asText(),
        lifecycle.reason(),
        facts.path("step").asLong(),
        facts.has("totalSteps")
            ? OptionalLong.of(facts.path("totalSteps").asLong())
            : OptionalLong.empty(),
        number(facts, "accuracy"),
        number(facts, "bitsPerCharacter"),
        number(facts, "loss"),
        number(facts, "sparsity"),
        number(facts, "wallSeconds").isPresent()
            ? number(facts, "wallSeconds")
            : OptionalDouble.of(
                Duration.between(lifecycle.begun(), lifecycle.updated()).toMillis() / 1e3),
        lifecycle.begun(),
        lifecycle.updated(),
        silent,
        lifecycle.settings());
  }

  private interface Source {
    void visit(Consumer<Envelope> action) throws IOException;
  }

  private static Optional<RunDocument> document(Source source) throws IOException {
    List<RunDocument> documents = new ArrayList<>(1);
    source.visit(
        envelope -> {
          if (documents.isEmpty()) {
            documents.add(new RunDocument(envelope.run()));
          }
          documents.get(0).take(envelope);
        });
    return documents.stream().findFirst();
  }

  private static OptionalDouble number(JsonNode facts, String field) {
    return facts.path(field).isNumber()
        ? OptionalDouble.of(facts.path(field).asDouble())
        : OptionalDouble.empty();
  }
}
