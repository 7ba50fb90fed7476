package io.espalier.service.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Number of ended runs that are kept, and the time; no time is for ever. */
public record Retention(int keepRuns, Optional<Duration> keepFor) {
  List<String> surplus(Collection<ScheduledRun> entries, Instant now) {
    List<ScheduledRun> ended = newestFirst(entries);
    return IntStream.range(0, ended.size())
        .filter(index -> index >= keepRuns || isOver(ended.get(index), now))
        .mapToObj(index -> ended.get(index).run())
        .toList();
  }

  /** When the retention time of the next run ends. */
  Optional<Instant> next(Collection<ScheduledRun> entries) {
    return keepFor.flatMap(
        duration ->
            entries.stream()
                .filter(entry -> entry.state().isEnded())
                .map(entry -> entry.status().standing().changed().plus(duration))
                .min(Comparator.naturalOrder()));
  }

  private boolean isOver(ScheduledRun entry, Instant now) {
    return keepFor
        .map(duration -> !entry.status().standing().changed().plus(duration).isAfter(now))
        .orElse(false);
  }

  private static List<ScheduledRun> newestFirst(Collection<ScheduledRun> entries) {
    return entries.stream()
        .filter(entry -> entry.state().isEnded())
        .sorted(
            Comparator.<ScheduledRun, Instant>comparing(
                    entry -> entry.status().standing().changed())
                .thenComparing(ScheduledRun::number)
                .reversed())
        .toList();
  }
}
