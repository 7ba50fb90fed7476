package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run in the list: with its document, or only its last row if there are too many. A document that
 * throws is dropped for good, so that other runs stay readable.
 */
final class KnownRun {
  private static final Logger LOG = LoggerFactory.getLogger(KnownRun.class);

  private final RunId id;
  private Optional<RunDocument> document = Optional.empty();
  private ObjectNode row;
  private Instant updated = Instant.MIN;
  private boolean changed;
  private boolean broken;
  private boolean silent;
  private long refreshesSeen = -1;

  KnownRun(RunId id) {
    this.id = id;
    row = new RunDocument(id).row();
  }

  RunId id() {
    return id;
  }

  Optional<RunDocument> document() {
    return document;
  }

  Instant updated() {
    return updated;
  }

  boolean isBroken() {
    return broken;
  }

  void open() {
    document = Optional.of(new RunDocument(id));
  }

  void drop(long version, Instant now) {
    row(version, now);
    document = Optional.empty();
  }

  /** Applies an action to the document; returns whether there still is one. */
  boolean with(Consumer<RunDocument> work) {
    document.ifPresent(found -> guard(() -> work.accept(found)));
    return document.isPresent();
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (!broken) {
        LOG.error("a run cannot be shown and is passed over from here on: run={}", id, e);
      }
      broken = true;
      changed = true;
      document = Optional.empty();
    }
  }

  void take(Envelope envelope, Instant observed) {
    changed = true;
    updated = observed.isAfter(updated) ? observed : updated;
    if (document.isPresent()) {
      with(found -> found.take(envelope, observed));
    } else if (envelope.event() instanceof RunState) {
      guard(() -> brief(envelope));
    }
  }

  private void brief(Envelope envelope) {
    RunDocument brief = new RunDocument(id);
    brief.take(envelope);
    ObjectNode newer = brief.row();
    newer.remove("spark");
    ObjectNode merged = row.deepCopy();
    merged.setAll(keeping(newer, brief.name().isPresent()));
    row = merged;
  }

  boolean isChanged(Instant now) {
    with(found -> changed |= found.isChanged(now) || found.refreshes() != refreshesSeen);
    return changed || silent != isSilent(now);
  }

  private boolean isSilent(Instant now) {
    return document.isEmpty() && RunDocument.isSilent(row, updated, now);
  }

  ObjectNode row(long version, Instant now) {
    with(
        found -> {
          found.refresh(version, now);
          refreshesSeen = found.refreshes();
          row = keeping(found.row(), found.name().isPresent());
        });
    changed = false;
    row = row.deepCopy();
    row.put("updated", updated.toEpochMilli());
    silent = isSilent(now);
    if (document.isEmpty()) {
      RunDocument.silence(row, updated, silent);
    }
    return row;
  }

  /** Adds to a newer row the fields that only the older one has. */
  private ObjectNode keeping(ObjectNode newer, boolean named) {
    if (row.has("begun")) {
      long begun = row.path("begun").asLong();
      newer.put("begun", Math.min(begun, newer.path("begun").asLong(begun)));
    }
    if (!named) {
      newer.set("name", row.path("name"));
    }
    if (!newer.has("trainers") && row.has("trainers")) {
      newer.set("trainers", row.path("trainers"));
    }
    return newer;
  }
}
