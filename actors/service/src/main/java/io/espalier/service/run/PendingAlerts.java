package io.espalier.service.run;

import io.espalier.service.RunAlert;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Alerts of this node's attempts that the scheduler has not acknowledged. They outlive their
 * attempt, which may end with one. Thread-safe.
 */
final class PendingAlerts {
  private static final int MOST_OF_A_RUN = 64;
  private static final int MOST_TEXT = 2_000;

  private final Map<String, List<RunAlert>> alerts = new HashMap<>();
  private long last;

  /** Beyond the most of a run the alert is only in the events of the run. */
  synchronized void add(String run, long term, String kind, long step, String text) {
    List<RunAlert> pending = alerts.computeIfAbsent(run, id -> new ArrayList<>());
    if (pending.size() < MOST_OF_A_RUN) {
      last++;
      pending.add(
          new RunAlert(
              "%d/alert/%d".formatted(term, last),
              kind,
              step,
              text.substring(0, Math.min(MOST_TEXT, text.length()))));
    }
  }

  synchronized List<RunAlert> of(String run) {
    return List.copyOf(alerts.getOrDefault(run, List.of()));
  }

  synchronized void acknowledged(String run, Collection<String> ids) {
    alerts.computeIfPresent(
        run,
        (id, pending) -> {
          pending.removeIf(alert -> ids.contains(alert.id()));
          return pending.isEmpty() ? null : pending;
        });
  }
}
