package io.espalier.federation.refusal;

import io.espalier.federation.transfer.ProgressTimeout;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Limits the number of reported refusals: for each client and reason the first is passed on at once
 * and, after the interval, the number of further ones. Callers without a name count as one client,
 * as addresses and names cost them nothing. Details are passed on as {@link PrintableText}.
 * Thread-safe. Memory is bounded; beyond {@link #MOST} clients and reasons at once, the others of a
 * reason count as one.
 */
public final class RefusalAggregator implements RefusalListener, AutoCloseable {
  public static final Duration INTERVAL = Duration.ofMinutes(1);

  static final int MOST = 4096;

  private final RefusalListener target;
  private final Duration interval;
  private final ScheduledExecutorService timer = ProgressTimeout.timer("espalier-refusals");
  private final Map<Key, Repeats> running = new HashMap<>();

  private record Key(Optional<String> client, RefusalReason reason) {}

  private record Repeats(long more, String latest) {}

  /** Passes on to {@code target}, which the callers' threads and one more call. */
  public RefusalAggregator(RefusalListener target, Duration interval) {
    this.target = target;
    this.interval = interval;
  }

  @Override
  public void refused(Optional<String> client, RefusalReason reason, String detail) {
    String printable = PrintableText.of(detail, PrintableText.DETAIL);
    if (isFirst(client, reason, printable)) {
      target.refused(client, reason, printable);
    }
  }

  /** Passes on the numbers that are left. */
  @Override
  public void close() {
    timer.shutdownNow();
    Map<Key, Repeats> left;
    synchronized (this) {
      left = Map.copyOf(running);
      running.clear();
    }
    left.forEach(this::report);
  }

  private synchronized boolean isFirst(
      Optional<String> client, RefusalReason reason, String detail) {
    Key own = new Key(client, reason);
    Key key =
        running.size() < MOST || running.containsKey(own) ? own : new Key(Optional.empty(), reason);
    Repeats repeats = running.get(key);
    if (repeats != null) {
      running.put(key, new Repeats(repeats.more() + 1, detail));
      return false;
    }
    running.put(key, new Repeats(0, detail));
    var unused = timer.schedule(() -> end(key), interval.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }

  private void end(Key key) {
    Repeats repeats;
    synchronized (this) {
      repeats = running.remove(key);
    }
    if (repeats != null) {
      report(key, repeats);
    }
  }

  private void report(Key key, Repeats repeats) {
    if (repeats.more() > 0) {
      target.refused(
          key.client(),
          key.reason(),
          "%,d more within %d s, the last: %s"
              .formatted(repeats.more(), interval.toSeconds(), repeats.latest()));
    }
  }
}
