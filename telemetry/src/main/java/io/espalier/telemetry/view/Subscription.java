package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader of some documents that keeps only its position, in constant memory. Thread-safe; the
 * returned JSON must not be changed.
 */
public final class Subscription implements AutoCloseable {
  private final ReadModel model;
  private final List<SubscriptionCursor> cursors;
  private volatile boolean closed;

  Subscription(ReadModel model, List<Subject> subjects) {
    this.model = model;
    cursors = subjects.stream().distinct().map(SubscriptionCursor::new).toList();
  }

  /** Returns messages since the last call, at first snapshots; never blocks; none once closed. */
  public List<JsonNode> poll() {
    List<JsonNode> messages = new ArrayList<>();
    if (!closed) {
      model.poll(cursors, messages);
    }
    return messages;
  }

  @Override
  public void close() {
    closed = true;
  }
}
