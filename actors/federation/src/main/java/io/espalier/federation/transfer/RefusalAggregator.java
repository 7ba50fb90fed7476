package io.espalier.federation.transfer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Hears of refusals and passes on few: of one client and reason the first at once and, once the
 * interval is over, how many more there were. Whoever makes no name known counts as one client, as
 * addresses and names cost a stranger nothing. Details are passed on {@link PrintableText}.
 *
 * <p>Thread-safe. Memory is bounded; beyond {@link #MOST} clients and reasons at once, the others
 * of a reason count as one.
 */
public final class RefusalAggregator implements RefusalListener, AutoCloseable {
  /** Within which refusals are folded. */
  public static final Duration INTERVAL = Duration.ofMinutes(1);

  static final int MOST = 4096;

  private final RefusalListener heard;
  private final Duration interval;
  private final ScheduledExecutorService timer = ProgressTimeout.timer("espalier-refusals");
  private final Map<Key, Fold> folds = new HashMap<>();

  private record Key(Optional<String> client, RefusalReason reason) {}

  private record Fold(long more, String latest) {}

  /** Passes on to {@code heard}, which is called by the callers' threads and one more. */
  public RefusalAggregator(RefusalListener heard, Duration interval) {
    this.heard = heard;
    this.interval = interval;
  }

  @Override
  public void refused(Optional<String> client, RefusalReason reason, String detail) {
    String printable = PrintableText.of(detail, PrintableText.DETAIL);
    if (isFirst(client, reason, printable)) {
      heard.refused(client, reason, printable);
    }
  }

  /** Passes on what is left. */
  @Override
  public void close() {
    timer.shutdownNow();
    Map<Key, Fold> left;
    synchronized (this) {
      left = Map.copyOf(folds);
      folds.clear();
    }
    left.forEach(this::tell);
  }

  private synchronized boolean isFirst(
      Optional<String> client, RefusalReason reason, String detail) {
    Key own = new Key(client, reason);
    Key key =
        folds.size() < MOST || folds.containsKey(own) ? own : new Key(Optional.empty(), reason);
    Fold fold = folds.get(key);
    if (fold != null) {
      folds.put(key, new Fold(fold.more() + 1, detail));
      return false;
    }
    folds.put(key, new Fold(0, detail));
    var unused = timer.schedule(() -> unfold(key), interval.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }

  private void unfold(Key key) {
    Fold fold;
    synchronized (this) {
      fold = folds.remove(key);
    }
    if (fold != null) {
      tell(key, fold);
    }
  }

  private void tell(Key key, Fold fold) {
    if (fold.more() > 0) {
      heard.refused(
          key.client(),
          key.reason(),
          "%,d more within %d s, the last: %s"
              .formatted(fold.more(), interval.toSeconds(), fold.latest()));
    }
  }
}
