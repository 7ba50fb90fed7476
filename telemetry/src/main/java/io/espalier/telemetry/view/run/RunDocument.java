package io.espalier.telemetry.view.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.view.document.Json;
import io.espalier.telemetry.view.document.Parts;
import io.espalier.telemetry.view.series.Cuts;
import io.espalier.telemetry.view.series.Points;
import io.espalier.telemetry.view.series.SeriesSet;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that is shown of one run, kept up to date event by event in bounded memory.
 *
 * <p>The events of a source come in the order of their sequences within a topic; which topic comes
 * first does not matter. What attempts said about steps that a later one took back is not shown.
 * Not thread-safe.
 */
public final class RunDocument {
  private final RunId id;
  private final Cuts cuts = new Cuts();
  private final SeriesSet series = new SeriesSet(cuts);
  private final Life life = new Life(cuts);
  private final Training training = new Training(cuts, series);
  private final Gaps gaps = new Gaps(cuts);
  private final Masks masks = new Masks(cuts, series);
  private final Machine machine = new Machine();
  private final RunFacts facts;
  private final Parts parts = new Parts();
  private boolean changed = true;
  private boolean silent;

  public RunDocument(RunId id) {
    this.id = id;
    facts = new RunFacts(id, life, training, masks, machine, series);
  }

  public RunId id() {
    return id;
  }

  /** Takes an event of this run; one that was taken before changes nothing. */
  public void take(Envelope envelope) {
    if (!gaps.take(envelope)) {
      return;
    }
    changed = true;
    life.take(envelope);
    if (envelope.event() instanceof RunResumed resumed) {
      resume(resumed);
    }
    training.take(envelope);
    masks.take(envelope);
    machine.take(envelope);
  }

  private void resume(RunResumed resumed) {
    int attempt = resumed.attempt();
    long firstVoid = resumed.fromStep() == 0 ? 0 : resumed.fromStep() + 1;
    cuts.add(attempt, firstVoid);
    series.cut(attempt, firstVoid);
    training.cut(attempt, firstVoid);
    masks.cut(attempt, firstVoid);
    gaps.cut(attempt, firstVoid);
  }

  /** Whether {@link #refresh} could change anything. */
  public boolean isChanged(Instant now) {
    return changed || silent != life.isSilent(now);
  }

  /** Brings parts and series up to what was taken. */
  public void refresh(long version, Instant now) {
    if (!isChanged(now)) {
      return;
    }
    changed = false;
    silent = life.isSilent(now);
    training.settle(life.trainers(), !life.isRunning());
    parts.set("run", facts.run(silent), version);
    parts.set("parameters", masks.parameters(), version);
    parts.set("gaps", gaps.json(), version);
    machine.json().ifPresent(json -> parts.set("resources", json, version));
    parts.set("sizes", masks.sizes(), version);
  }

  /** The parts as of the last {@link #refresh}. */
  public Parts parts() {
    return parts;
  }

  /** The series as of the last {@link #refresh}; those without a point are left out by readers. */
  public Map<String, Points> series() {
    Map<String, Points> all = new LinkedHashMap<>(series.byName());
    all.putAll(machine.series().byName());
    return all;
  }

  /** When the run's process measured itself last. */
  public Optional<Instant> beat() {
    return machine.beat();
  }

  /** {@code {run, name, state, time, …}} with what the process used when it measured last. */
  public ObjectNode process() {
    ObjectNode process = Json.object().put("run", id.value());
    process.put("name", life.name().orElse(id.value())).put("state", life.stateName());
    machine.json().ifPresent(process::setAll);
    return process;
  }

  /** What a list of runs tells about this one. */
  public ObjectNode row() {
    return facts.row(silent);
  }

  /** When the newest event was told. */
  public Instant updated() {
    return life.updated();
  }
}
