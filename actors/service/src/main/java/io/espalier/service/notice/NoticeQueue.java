package io.espalier.service.notice;

import io.espalier.configs.fault.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The notices that one destination is owed. A notice that fails goes behind the others, so that one
 * that is always refused does not hold them up. Not thread-safe.
 */
final class NoticeQueue {
  private final NoticeSettings.Retry retry;
  private final Backoff backoff;
  private final Map<String, Owed> owed = new LinkedHashMap<>();
  private boolean busy;
  private boolean failing;

  private record Owed(Notice notice, int attempts) {}

  NoticeQueue(NoticeSettings.Retry retry) {
    this.retry = retry;
    this.backoff = Backoff.exponential(retry.first(), retry.longest());
  }

  int size() {
    return owed.size();
  }

  void add(Notice notice) {
    owed.putIfAbsent(notice.id(), new Owed(notice, 0));
  }

  /** The notice to send now; empty while another one is on its way or a wait goes on. */
  Optional<Notice> next() {
    if (busy || owed.isEmpty()) {
      return Optional.empty();
    }
    busy = true;
    return Optional.of(owed.values().iterator().next().notice());
  }

  /** The wait after a failure is over. */
  void goOn() {
    busy = false;
  }

  /** Returns whether the destination failed before. */
  boolean delivered(String notice) {
    owed.remove(notice);
    busy = false;
    backoff.reset();
    boolean recovered = failing;
    failing = false;
    return recovered;
  }

  /**
   * The effect of a failed attempt.
   *
   * @param first whether the destination took notices before
   * @param dropped whether the notice gets no further attempt
   * @param delay before the next attempt at the destination
   */
  record Failure(boolean first, boolean dropped, Duration delay) {}

  Failure failed(String id, Instant now) {
    Owed before = Objects.requireNonNull(owed.remove(id), id);
    int attempts = before.attempts() + 1;
    boolean isOld = !now.isBefore(before.notice().time().plus(retry.giveUpAfter()));
    boolean dropped = isOld || attempts >= retry.attempts();
    if (!dropped) {
      owed.put(id, new Owed(before.notice(), attempts));
    }
    boolean first = !failing;
    failing = true;
    return new Failure(first, dropped, backoff.next());
  }
}
