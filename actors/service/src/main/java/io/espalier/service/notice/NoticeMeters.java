package io.espalier.service.notice;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the notices that this node delivers. Thread-safe. */
public final class NoticeMeters {
  private static final String DESTINATION = "destination";

  private final Map<String, OfDestination> destinations = new ConcurrentHashMap<>();
  private final MeterRegistry registry;

  private record OfDestination(
      Counter delivered, Counter failed, Counter dropped, AtomicInteger owed) {}

  /** Registers the meters of each destination. */
  public NoticeMeters(MeterRegistry registry, Collection<String> names) {
    this.registry = registry;
    names.forEach(this::of);
  }

  private OfDestination of(String destination) {
    return destinations.computeIfAbsent(destination, this::registered);
  }

  private OfDestination registered(String destination) {
    AtomicInteger owed = new AtomicInteger();
    Gauge.builder("espalier.notices.owed", owed, AtomicInteger::get)
        .description("Notices that a destination has not taken yet")
        .tag(DESTINATION, destination)
        .register(registry);
    return new OfDestination(
        counter("delivered", "Notices that a destination has taken", destination),
        counter("failed", "Attempts to deliver a notice that failed", destination),
        counter("dropped", "Notices that no further attempt is made for", destination),
        owed);
  }

  private Counter counter(String what, String description, String destination) {
    return Counter.builder("espalier.notices." + what)
        .description(description)
        .tag(DESTINATION, destination)
        .register(registry);
  }

  void delivered(String destination) {
    of(destination).delivered().increment();
  }

  void failed(String destination) {
    of(destination).failed().increment();
  }

  /** Counts a notice that the destination will not get. */
  public void dropped(String destination) {
    of(destination).dropped().increment();
  }

  void owed(String destination, int count) {
    of(destination).owed().set(count);
  }
}
