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
 * All that is shown of one run, kept up to date event by event in bounded memory.
 *
 * <p>The events of a source come in the order of their sequences within a topic; which topic comes
 * first does not matter. What attempts said about steps that a later one took back is not shown.
 * Not thread-safe.
 */
public final class RunDocument {
  private static final String PICTURE = "picture/";

  private final RunId id;
  private final VoidedSteps voided = new VoidedSteps();
  private final SeriesSet series = new SeriesSet(voided);
  private final GapsView gaps = new GapsView(voided);
  private final RunLifecycleView lifecycle = new RunLifecycleView();
  private final TrainingView training = new TrainingView(voided, series);
  private final MasksView masks = new MasksView(voided, series);
  private final CutsView cuts = new CutsView(voided, series);
  private final StepRate stepRate = new StepRate(voided, series.of("rate"));
  private final TimingsView times = new TimingsView(voided);
  private final MaskPicturesView pictures = new MaskPicturesView(voided);
  private final Timeline timeline = new Timeline(voided);
  private final AlertsView alerts = new AlertsView();
  private final ResourcesView resources = new ResourcesView();
  private final FederationView federation = new FederationView(voided);
  private final RunFacts facts;
  private final DocumentParts parts = new DocumentParts();
  private final EnumSet<Topic> fresh = EnumSet.allOf(Topic.class);
  private boolean silent;
  private long refreshes;

  public RunDocument(RunId id) {
    this.id = id;
    facts =
        new RunFacts(
            id, voided, lifecycle, training, masks, cuts, stepRate, resources, federation, this::points);
  }

  public RunId id() {
    return id;
  }

  /** The name of the recipe; empty while it is not known. */
  public Optional<String> name() {
    return lifecycle.name();
  }

  /** Takes an event of this run; one that was taken before changes nothing. */
  public void take(Envelope envelope) {
    take(envelope, envelope.time());
  }

  /**
   * The same for an event whose clock is not to be trusted.
   *
   * @param heard when it counts as told, which tells whether a run is silent
   */
  public void take(Envelope envelope, Instant heard) {
    if (!gaps.take(envelope)) {
      return;
    }
    fresh.add(envelope.topic());
    lifecycle.take(envelope, heard);
    if (envelope.event() instanceof RunResumed resumed) {
      discard(envelope.attempt(), resumed.fromStep() == 0 ? 0 : resumed.fromStep() + 1);
    }
    switch (envelope.topic()) {
      case METRICS -> {
        training.take(envelope);
        times.take(envelope);
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

  private void discard(int attempt, long firstVoid) {
    voided.add(attempt, firstVoid);
    series.discard(attempt, firstVoid);
    training.discard(attempt, firstVoid);
    masks.discard(attempt, firstVoid);
    cuts.discard(attempt, firstVoid);
    stepRate.discard(attempt, firstVoid);
    times.discard(attempt, firstVoid);
    pictures.discard(attempt, firstVoid);
    timeline.discard(attempt, firstVoid);
    gaps.discard(attempt, firstVoid);
    federation.discard(attempt, firstVoid);
    fresh.addAll(EnumSet.allOf(Topic.class));
  }

  /** Whether {@link #refresh} could change anything. */
  public boolean isChanged(Instant now) {
    return !fresh.isEmpty() || silent != lifecycle.isSilent(now, resources.interval());
  }

  /**
   * Brings parts and series up to what was taken.
   *
   * @param version that the parts get which change
   */
  public void refresh(long version, Instant now) {
    if (isChanged(now)) {
      silent = lifecycle.isSilent(now, resources.interval());
      refresh(version, !lifecycle.isRunning());
    }
  }

  /** The same for a reader that no more events will come to, so that nothing waits for them. */
  public void finish() {
    refresh(0, true);
  }

  private void refresh(long version, boolean whole) {
    training.settle(lifecycle.trainers(), whole);
    parts.set("run", facts.run(openAlerts()), version);
    if (has(Topic.METRICS, Topic.EVENTS)) {
      parts.set("times", times.json(masks.seconds()), version);
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
      parts.set("happenings", timeline.json(federation.clientCount()), version);
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

  /** How often {@link #refresh} may have changed anything. */
  public long refreshes() {
    return refreshes;
  }

  private void federation(long version) {
    parts.set("federation", federation.json(lifecycle.isRunning()), version);
    if (has(Topic.CLIENTS, Topic.EVENTS)) {
      parts.set("clients", federation.clients(), version);
      parts.set("refusals", federation.refusals(), version);
    }
  }

  private boolean has(Topic one, Topic other) {
    return fresh.contains(one) || fresh.contains(other);
  }

  private ArrayNode openAlerts() {
    return alerts.open(lifecycle, silent);
  }

  /** The parts as of the last {@link #refresh}. */
  public DocumentParts parts() {
    return parts;
  }

  /** The series as of the last {@link #refresh}; readers leave out those without a point. */
  public Map<String, Points> series() {
    Map<String, Points> all = new LinkedHashMap<>(series.byName());
    if (federation.isKnown()) {
      all.putAll(federation.series());
    }
    all.putAll(resources.series().byName());
    return all;
  }

  private Optional<Points> points(String name) {
    Points overRounds = federation.isKnown() ? federation.series().get(name) : null;
    return Optional.ofNullable(overRounds == null ? series.byName().get(name) : overRounds);
  }

  /** What a list of runs tells about this one. */
  public ObjectNode row() {
    return facts.row(openAlerts());
  }

  /**
   * Whether a run has not been heard of for too long, as far as its row tells.
   *
   * @param updated when it was heard of last
   */
  public static boolean isSilent(ObjectNode row, Instant updated, Instant now) {
    double beat = row.path("heartbeatSeconds").asDouble();
    return row.path("state").asText().equals(RunState.RUNNING)
        && RunLifecycleView.isSilent(updated, now, Duration.ofMillis((long) (1_000 * beat)));
  }

  /** Sets or removes the alert of silence in a row. */
  public static void silence(ObjectNode row, Instant updated, boolean silent) {
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

  /** When the newest event was told. */
  public Instant updated() {
    return lifecycle.updated();
  }

  /** When the run's process measured itself last. */
  public Optional<Instant> beat() {
    return resources.beat();
  }

  /** {@code {run, name, state, time, …}} with what the process used when it measured last. */
  public ObjectNode process() {
    ObjectNode process = ViewJson.object().put("run", id.value());
    process.put("name", lifecycle.name().orElse(id.value())).put("state", lifecycle.stateName());
    resources.json().ifPresent(process::setAll);
    return process;
  }
}
