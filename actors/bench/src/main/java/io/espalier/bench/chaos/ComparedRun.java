package io.espalier.bench.chaos;

import java.util.List;
import java.util.Optional;

/**
 * A run that was resumed to its end whenever it was killed, against the uninterrupted one of its
 * combination; which is one of them too.
 *
 * @param name of its directory
 * @param starts processes that worked on it
 * @param results in words, where model, masks and summary differ
 * @param events in words, where its events differ
 * @param delivery what Kafka holds of it, once that is known
 */
record ComparedRun(
    String name,
    List<Kill> kills,
    int starts,
    List<String> results,
    List<String> events,
    Optional<DeliveryCheck> delivery) {
  ComparedRun {
    kills = List.copyOf(kills);
    results = List.copyOf(results);
    events = List.copyOf(events);
  }

  ComparedRun with(DeliveryCheck found) {
    return new ComparedRun(name, kills, starts, results, events, Optional.of(found));
  }

  boolean isDelivered() {
    return delivery.filter(found -> found.differences().isEmpty()).isPresent();
  }

  boolean isSame() {
    return results.isEmpty() && events.isEmpty() && isDelivered();
  }
}
