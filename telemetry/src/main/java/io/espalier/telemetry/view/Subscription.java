package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One reader of some documents. It keeps only what it told last, so one that is not polled takes no
 * more memory with time. Thread-safe; the JSON that it returns is not to be changed.
 */
public final class Subscription implements AutoCloseable {
  private final ReadModel model;
  private final List<SubscriptionCursor> cursors;
  private volatile boolean closed;

  Subscription(ReadModel model, List<Subject> subjects) {
    this.model = model;
    cursors = subjects.stream().distinct().map(SubscriptionCursor::new).toList();
  }

  /**
   * The messages since the last call; at first, snapshots. Does not wait for any; there are none
   * once this is closed.
   */
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
