package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.view.run.RunDocument;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run in the list: with its document, or, where there are too many, only what its row told.
 *
 * <p>A document that throws is dropped for good, so that it takes no other run along.
 */
final class KnownRun {
  private static final Logger LOG = LoggerFactory.getLogger(KnownRun.class);

  private final RunId id;
  private Optional<RunDocument> document = Optional.empty();
  private Optional<ObjectNode> row = Optional.empty();
  private Instant updated = Instant.MIN;
  private boolean changed;
  private boolean broken;
  private long refreshesTold = -1;

  KnownRun(RunId id) {
    this.id = id;
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

  /** Whether it lost its document to an error and gets no other one. */
  boolean isBroken() {
    return broken;
  }

  /** Gives it a document that starts empty. */
  void open() {
    document = Optional.of(new RunDocument(id));
  }

  /** Drops the document and keeps its row. */
  void drop(long version, Instant now) {
    row(version, now);
    document = Optional.empty();
  }

  /** Does something with the document; false if there is none, or none any more. */
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

  void take(Envelope envelope) {
    changed = true;
    updated = envelope.time().isAfter(updated) ? envelope.time() : updated;
    if (document.isPresent()) {
      with(found -> found.take(envelope));
    } else if (envelope.event() instanceof RunState) {
      guard(() -> brief(envelope));
    }
  }

  private void brief(Envelope envelope) {
    RunDocument brief = new RunDocument(id);
    brief.take(envelope);
    row = Optional.of(merged(brief.row()));
  }

  /** Whether the row may be other than it was. */
  boolean isChanged(Instant now) {
    with(found -> changed |= found.isChanged(now) || found.refreshes() != refreshesTold);
    return changed;
  }

  /** The row as of now. */
  ObjectNode row(long version, Instant now) {
    with(
        found -> {
          found.refresh(version, now);
          refreshesTold = found.refreshes();
          row = Optional.of(found.row());
        });
    changed = false;
    ObjectNode told = row.orElseGet(() -> new RunDocument(id).row()).deepCopy();
    told.put("updated", updated.toEpochMilli());
    row = Optional.of(told);
    return told;
  }

  private ObjectNode merged(ObjectNode newer) {
    if (newer.path("spark") instanceof ArrayNode spark && spark.isEmpty()) {
      newer.remove("spark");
    }
    ObjectNode merged = row.map(ObjectNode::deepCopy).orElseGet(newer::deepCopy);
    merged.setAll(newer);
    return merged;
  }
}
