package io.espalier.telemetry.contract;

import io.espalier.telemetry.event.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A topic as it is on a broker.
 *
 * @param partitions 0 if the broker does not have the topic
 * @param settings of {@link Topic#settings} those that the broker knows; empty if it does not have
 *     the topic
 */
public record TopicFinding(Topic topic, int partitions, Map<String, String> settings) {
  private static final String RETENTION = "retention.ms";
  private static final Set<String> LEAST =
      Set.of("max.message.bytes", "message.timestamp.after.max.ms");

  /** How a topic stands to what consumers rely on. */
  public enum State {
    /** As it must be. */
    OK,
    /** Not on the broker. */
    MISSING,
    /** In a way that loses events or their order, or lets the broker refuse them. */
    DIFFERS
  }

  /**
   * A setting that is not what Espalier creates the topic with.
   *
   * @param setting its name on the broker, or {@code partitions}
   * @param breaks whether consumers can no longer rely on the topic; if not, it is the operator's
   *     choice
   */
  public record Difference(String setting, String found, String wanted, boolean breaks) {}

  public TopicFinding {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  static TopicFinding missing(Topic topic) {
    return new TopicFinding(topic, 0, Map.of());
  }

  /** What follows from {@link #differences}. */
  public State state() {
    if (partitions == 0) {
      return State.MISSING;
    }
    return differences().stream().anyMatch(Difference::breaks) ? State.DIFFERS : State.OK;
  }

  /** All that differs, partitions first, then by name; nothing if the topic is missing. */
  public List<Difference> differences() {
    List<Difference> differences = new ArrayList<>();
    if (partitions > Topic.PARTITIONS) {
      differences.add(
          new Difference(
              "partitions",
              Integer.toString(partitions),
              Integer.toString(Topic.PARTITIONS),
              true));
    }
    topic
        .settings()
        .forEach(
            (setting, wanted) -> {
              String found = settings.getOrDefault(setting, wanted);
              if (!suits(setting, found, wanted)) {
                differences.add(new Difference(setting, found, wanted, !setting.equals(RETENTION)));
              }
            });
    return List.copyOf(differences);
  }

  private static boolean suits(String setting, String found, String wanted) {
    return LEAST.contains(setting)
        ? Long.parseLong(found) >= Long.parseLong(wanted)
        : found.equals(wanted);
  }
}
