package io.espalier.telemetry.live;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.live.TopicInspector.Log;
import io.espalier.telemetry.view.ReadModel.TopicProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** The offsets up to which each log was read, also over several connections. Not thread-safe. */
final class Positions {
  private final Map<Log, Place> places = new HashMap<>();
  private final Map<Topic, Double> rates = new HashMap<>();
  private final Map<Topic, Long> readBefore = new HashMap<>();
  private final Map<Topic, Long> read = new HashMap<>();

  private static final class Place {
    private final long start;
    private final long goal;
    private long next;
    private long end;

    Place(long start, long next, long end) {
      this.start = start;
      this.next = next;
      this.goal = end;
      this.end = end;
    }
  }

  OptionalLong next(Log log) {
    return places.containsKey(log) ? OptionalLong.of(place(log).next) : OptionalLong.empty();
  }

  /** Begins or resumes a log; its present end is the goal. */
  void begin(Log log, long next, long end) {
    places.keySet().removeIf(each -> each.partition().equals(log.partition()));
    places.put(log, new Place(next, next, end));
  }

  void passed(Log log, long offset) {
    place(log).next = Math.max(place(log).next, offset + 1);
    read.merge(log.topic(), 1L, Long::sum);
  }

  /** Sets the next offset: offsets without a record are skipped. */
  void next(Log log, long next) {
    place(log).next = next;
  }

  void end(Log log, long end) {
    place(log).end = end;
  }

  boolean isCaughtUp(Log log) {
    return place(log).next >= place(log).goal;
  }

  double progress() {
    long all = 0;
    long done = 0;
    for (Place each : places.values()) {
      all += each.goal - each.start;
      done += Math.min(each.next, each.goal) - each.start;
    }
    return all == 0 ? 1 : done / (double) all;
  }

  long lag() {
    return places.values().stream().mapToLong(each -> Math.max(0, each.end - each.next)).sum();
  }

  /** Ends an interval of {@code seconds} over which rates are measured. */
  void tick(double seconds) {
    for (Topic topic : Topic.values()) {
      long now = read.getOrDefault(topic, 0L);
      rates.put(topic, (now - readBefore.getOrDefault(topic, 0L)) / seconds);
      readBefore.put(topic, now);
    }
  }

  List<TopicProgress> progressByTopic() {
    List<TopicProgress> all = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      List<Place> of =
          places.entrySet().stream()
              .filter(each -> each.getKey().topic() == topic)
              .map(Map.Entry::getValue)
              .toList();
      if (!of.isEmpty()) {
        all.add(
            new TopicProgress(
                topic.topicName(),
                of.stream().mapToLong(each -> each.next).sum(),
                of.stream().mapToLong(each -> Math.max(each.next, each.end)).sum(),
                rates.getOrDefault(topic, 0.0)));
      }
    }
    return all;
  }

  private Place place(Log log) {
    return Objects.requireNonNull(places.get(log), log::toString);
  }
}
