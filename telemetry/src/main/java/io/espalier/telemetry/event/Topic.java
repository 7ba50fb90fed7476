package io.espalier.telemetry.event;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A Kafka topic of Espalier, with what its consumers may rely on. */
public enum Topic {
  /** The latest state of each run; key run id. */
  RUNS("espalier.runs.v1", Cleanup.COMPACT, Duration.ofDays(36_500)),
  /** Events of a run; key run id. */
  EVENTS("espalier.events.v1", Cleanup.DELETE, Duration.ofDays(30)),
  /** Measurements of a run; key run id. */
  METRICS("espalier.metrics.v1", Cleanup.DELETE, Duration.ofDays(7)),
  /** The latest masks, key {@code run:parameter}, and pictures, key {@code run:parameter:view}. */
  MASKS("espalier.masks.v1", Cleanup.COMPACT, Duration.ofDays(36_500)),
  /** Events of federated clients, key {@code run:client}. */
  CLIENTS("espalier.clients.v1", Cleanup.DELETE, Duration.ofDays(7)),
  /** Resource use of runs; key run id. */
  SYSTEM("espalier.system.v1", Cleanup.DELETE, Duration.ofDays(1));

  /** How a topic forgets: all but the newest record per key, or every record past its retention. */
  public enum Cleanup {
    COMPACT,
    DELETE
  }

  /** Partitions of every topic: order within a run matters more than breadth. */
  public static final int PARTITIONS = 1;

  /** Bytes of the largest batch on every topic: an outbox line and its headers always fit. */
  public static final int MAX_MESSAGE_BYTES = 1 << 21;

  private final String topicName;
  private final Cleanup cleanup;
  private final Duration retention;

  Topic(String topicName, Cleanup cleanup, Duration retention) {
    this.topicName = topicName;
    this.cleanup = cleanup;
    this.retention = retention;
  }

  public String topicName() {
    return topicName;
  }

  public Cleanup cleanup() {
    return cleanup;
  }

  /** Returns the retention; empty where the newest per key is kept for good. */
  public Optional<Duration> retention() {
    return cleanup == Cleanup.COMPACT ? Optional.empty() : Optional.of(retention);
  }

  /** Returns the settings that the topic is created with, by Kafka's names. */
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("cleanup.policy", cleanup.name().toLowerCase(Locale.ROOT));
    settings.put("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES));
    // Event times never go back, so where a clock was set back they are ahead of the broker's.
    settings.put("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
    retention().ifPresent(time -> settings.put("retention.ms", Long.toString(time.toMillis())));
    return Collections.unmodifiableSortedMap(settings);
  }

  public static Optional<Topic> named(String topicName) {
    return Arrays.stream(values()).filter(topic -> topic.topicName.equals(topicName)).findFirst();
  }
}
