package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.view.run.RunDocument;
import java.time.Instant;
import java.util.Optional;

/** A run in the list: with its document, or, where there are too many, only what its row told. */
final class KnownRun {
  private final RunId id;
  private Optional<RunDocument> document = Optional.empty();
  private Optional<ObjectNode> row = Optional.empty();
  private Instant updated = Instant.MIN;
  private boolean changed;
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

  /** Gives it a document that starts empty. */
  void open() {
    document = Optional.of(new RunDocument(id));
  }

  /** Drops the document and keeps its row. */
  void drop(long version, Instant now) {
    row(version, now);
    document = Optional.empty();
  }

  void take(Envelope envelope) {
    changed = true;
    updated = envelope.time().isAfter(updated) ? envelope.time() : updated;
    if (document.isPresent()) {
      document.get().take(envelope);
    } else if (envelope.event() instanceof RunState) {
      RunDocument brief = new RunDocument(id);
      brief.take(envelope);
      row = Optional.of(merged(brief.row()));
    }
  }

  /** Whether the row may be other than it was. */
  boolean isChanged(Instant now) {
    return changed
        || document
            .filter(each -> each.isChanged(now) || each.refreshes() != refreshesTold)
            .isPresent();
  }

  /** The row as of now. */
  ObjectNode row(long version, Instant now) {
    changed = false;
    if (document.isPresent()) {
      document.get().refresh(version, now);
      refreshesTold = document.get().refreshes();
      row = Optional.of(document.get().row());
    }
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
