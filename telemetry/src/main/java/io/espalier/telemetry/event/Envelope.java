package io.espalier.telemetry.event;

import io.espalier.configs.Rules;
import java.time.Instant;
import java.util.Locale;

/**
 * An event with its place in the history of a run. Two envelopes of the same {@code source} and
 * {@code id} are the same event delivered twice.
 *
 * @param id unique among all events: {@code source/topic-sequence}; of earlier versions, unique
 *     within the source: {@code topic-sequence}
 * @param source {@code run} or {@code run/origin}, a valid URI reference
 * @param sequence 1, 2, 3 … per source and topic, without gaps, across all attempts
 * @param attempt number of the start of the run that said this, from 1
 * @param key {@code run} or {@code run:subject}
 */
public record Envelope(
    String id,
    String source,
    Topic topic,
    long sequence,
    int attempt,
    String key,
    Instant time,
    Event event) {
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  public Envelope {
    new Rules()
        .require("sequence", sequence, sequence >= 1, "1 or more")
        .require("attempt", attempt, attempt >= 1, "1 or more")
        .require("time", time, isTellable(time), "of the years 0 to 9999")
        .verify();
  }

  /** Creates an envelope; id, source, topic and key follow from run, event and sequence. */
  public static Envelope of(RunId run, long sequence, int attempt, Instant time, Event event) {
    Topic topic = EventType.of(event).topic();
    String source = sourceOf(run, event);
    return new Envelope(
        idOf(source, topic, sequence),
        source,
        topic,
        sequence,
        attempt,
        keyOf(run, event),
        time,
        event);
  }

  public static String sourceOf(RunId run, Event event) {
    return event.origin().map(origin -> run + "/" + origin).orElse(run.value());
  }

  public static String keyOf(RunId run, Event event) {
    return event.subject().map(subject -> run + ":" + subject).orElse(run.value());
  }

  public RunId run() {
    int slash = source.indexOf('/');
    return new RunId(slash < 0 ? source : source.substring(0, slash));
  }

  private static boolean isTellable(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  private static String idOf(String source, Topic topic, long sequence) {
    return source + "/" + topic.name().toLowerCase(Locale.ROOT) + "-" + sequence;
  }
}
