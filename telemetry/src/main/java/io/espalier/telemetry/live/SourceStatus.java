package io.espalier.telemetry.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a live feed is.
 *
 * @param address of the broker, empty while there is none
 * @param problem why nothing can be read
 * @param progress share of what the broker had when reading began, from 0 to 1
 * @param lag records on the broker that are not read yet
 * @param newest time of the newest event that was read
 * @param skipped records that were no events and were passed over
 */
public record SourceStatus(
    State state,
    Optional<String> address,
    Optional<String> problem,
    double progress,
    long lag,
    Optional<Instant> newest,
    long skipped) {
  /** What the feed is doing. */
  public enum State {
    /** All that the broker has was read, but for what came in this moment. */
    LIVE,
    /** Reading what the broker had. */
    CATCHING_UP,
    /** There is no broker that answers. */
    WAITING
  }

  /** The message {@code status} of a stream of documents. */
  public ObjectNode json(Instant now) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("type", "status").put("now", now.toEpochMilli());
    ObjectNode source = message.putObject("source");
    source.put("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    source.put("address", address.orElse(null));
    source.put("problem", problem.orElse(null));
    source.put("progress", progress);
    source.put("lag", lag);
    source.put("newest", newest.map(Instant::toEpochMilli).orElse(null));
    source.put("skipped", skipped);
    return message;
  }
}
