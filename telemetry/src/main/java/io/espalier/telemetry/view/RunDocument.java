package io.espalier.telemetry.view;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The document of one run in bounded memory. A source's events come in sequence within a topic; the
 * order of topics does not matter. Voided measurements are not shown. Not thread-safe.
 */
final class RunDocument {
  private static final String PICTURE = "picture/";

  private final RunId id;
  final VoidedSteps voided = new VoidedSteps();
  private final SeriesSet series = new SeriesSet(voided);
  private final GapsView gaps = new GapsView(voided);
  final RunLifecycleView lifecycle = new RunLifecycleView();
  final TrainingView training = new TrainingView(voided, series);
  final MasksView masks = new MasksView(voided, series);
  final CutsView cuts = new CutsView(voided, series);
  final StepRate stepRate = new StepRate(voided, series.of("rate"), series.of("clock"));
  private final TimingsView timings = new TimingsView(voided);
  private final MaskPicturesView pictures = new MaskPicturesView(voided);
  private final Timeline timeline = new Timeline(voided);
  private final AlertsView alerts = new AlertsView();
  final ResourcesView resources = new ResourcesView();
  final FederationView federation = new FederationView(voided);
  private final RunFacts facts = new RunFacts(this);
  private final DocumentParts parts = new DocumentParts();
  private final EnumSet<Topic> fresh = EnumSet.allOf(Topic.class);
  private boolean silent;
  private long refreshes;

  RunDocument(RunId id) {
    this.id = id;
  }

  RunId id() {
    return id;
  }

  Optional<String> name() {
    return lifecycle.name();
  }

  void take(Envelope envelope) {
    take(envelope, envelope.time());
  }

  /** Takes an event whose clock may be wrong; silence is judged by {@code observed}. */
  void take(Envelope envelope, Instant observed) {
    if (!gaps.take(envelope)) {
      return;
    }
    fresh.add(envelope.topic());
    lifecycle.take(envelope, observed);
    if (envelope.event() instanceof RunResumed resumed) {
      voided.add(envelope.attempt(), resumed.fromStep() == 0 ? 0 : resumed.fromStep() + 1);
      fresh.addAll(EnumSet.allOf(Topic.class));
    }
    switch (envelope.topic()) {
      case METRICS -> {
        training.take(envelope);
        timings.take(envelope);
        stepRate.take(envelope);
        federation.take(envelope);
      }
      case MASKS -> {
        masks.take(envelope);
        pictures.take(envelope);
      }
      case CLIENTS -> {
        federation.take(envelope);
        timeline.take(envelope);
      }
      case SYSTEM -> resources.take(envelope);
      default -> {
        masks.take(envelope);
        cuts.take(envelope);
        federation.take(envelope);
        timeline.take(envelope);
        alerts.take(envelope);
      }
    }
  }

  boolean isChanged(Instant now) {
    return !fresh.isEmpty() || silent != lifecycle.isSilent(now, resources.interval());
  }

  void refresh(long version, Instant now) {
    if (isChanged(now)) {
      silent = lifecycle.isSilent(now, resources.interval());
      refresh(version, !lifecycle.isRunning());
    }
  }

  /** Refreshes after the last event without waiting for further steps. */
  void finish() {
    refresh(0, true);
  }

  private void refresh(long version, boolean whole) {
    training.settle(lifecycle.trainers(), whole);
    parts.set("run", facts.run(openAlerts()), version);
    if (has(Topic.METRICS, Topic.EVENTS)) {
      parts.set("times", timings.json(masks.seconds()), version);
      parts.set("gaps", gaps.json(), version);
    }
    if (has(Topic.EVENTS, Topic.MASKS)) {
      parts.set("parameters", masks.parameters(cuts.left()), version);
      parts.set("sizes", masks.sizes(cuts.left()), version);
      parts.set("cuts", cuts.json(), version);
      Map<String, ObjectNode> shown = pictures.json();
      shown.forEach((name, picture) -> parts.set(PICTURE + name, picture, version));
      Set<String> names = shown.keySet().stream().map(PICTURE::concat).collect(toSet());
      parts.retain(PICTURE, names, version);
    }
    if (has(Topic.EVENTS, Topic.CLIENTS)) {
      lifecycle.provenance().ifPresent(each -> parts.set("provenance", ViewJson.of(each), version));
      parts.set("settings", ViewJson.of(lifecycle.settings()), version);
      lifecycle
          .name()
          .flatMap(name -> BaseRecipe.of(name, lifecycle.settings()))
          .ifPresent(base -> parts.set("base", base, version));
      parts.set("happenings", timeline.json(federation.clients.count()), version);
      parts.set("marks", timeline.marks(), version);
    }
    parts.set("alerts", alerts.json(lifecycle, silent), version);
    resources.json().ifPresent(json -> parts.set("resources", json, version));
    if (federation.isKnown()) {
      federation(version);
    }
    fresh.clear();
    refreshes++;
  }

  long refreshes() {
    return refreshes;
  }

  private void federation(long version) {
    parts.set("federation", federation.json(lifecycle.isRunning()), version);
    if (has(Topic.CLIENTS, Topic.EVENTS)) {
      parts.set("clients", federation.clients.json(), version);
      parts.set("refusals", federation.refusals.json(), version);
    }
  }

  private boolean has(Topic one, Topic other) {
    return fresh.contains(one) || fresh.contains(other);
  }

  private ArrayNode openAlerts() {
    return alerts.open(lifecycle, silent);
  }

  DocumentParts parts() {
    return parts;
  }

  Map<String, Points> series() {
    Map<String, Points> all = new LinkedHashMap<>(series.byName());
    if (federation.isKnown()) {
      all.putAll(federation.series());
    }
    all.putAll(resources.series().byName());
    return all;
  }

  /** Returns the series of this name; round series come before step series. */
  Optional<Points> points(String name) {
    Points overRounds = federation.isKnown() ? federation.series().get(name) : null;
    return Optional.ofNullable(overRounds == null ? series.byName().get(name) : overRounds)
        .filter(points -> !points.isEmpty());
  }

  ObjectNode row() {
    return facts.row(openAlerts());
  }

  /** Whether a run is silent, by its row and the time of its last event. */
  static boolean isSilent(ObjectNode row, Instant updated, Instant now) {
    double beat = row.path("heartbeatSeconds").asDouble();
    return row.path("state").asText().equals(RunState.RUNNING)
        && RunLifecycleView.isSilent(updated, now, Duration.ofMillis((long) (1_000 * beat)));
  }

  static void silence(ObjectNode row, Instant updated, boolean silent) {
    ArrayNode alerts = ViewJson.array();
    if (silent) {
      alerts.add(AlertsView.silent(updated));
    }
    for (JsonNode each : row.path("alerts")) {
      if (!each.path("kind").asText().equals(AlertsView.SILENT)) {
        alerts.add(each);
      }
    }
    row.set("alerts", alerts);
  }

  Instant updated() {
    return lifecycle.updated();
  }

  Optional<Instant> beat() {
    return resources.beat();
  }

  /** Returns {@code {run, name, state, time, …}} with the newest resource use. */
  ObjectNode process() {
    ObjectNode process = ViewJson.object().put("run", id.value());
    process.put("name", lifecycle.name().orElse(id.value())).put("state", lifecycle.stateName());
    resources.json().ifPresent(process::setAll);
    return process;
  }
}
