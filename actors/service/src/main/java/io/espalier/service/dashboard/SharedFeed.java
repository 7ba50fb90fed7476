package io.espalier.service.dashboard;

import akka.actor.Cancellable;
import akka.actor.typed.Scheduler;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import scala.concurrent.ExecutionContext;

/**
 * The one event reader of all viewers; starts with the first viewer and ends some time after the
 * last one. Thread-safe.
 */
final class SharedFeed implements AutoCloseable {
  private final Supplier<LiveFeed> start;
  private final Scheduler scheduler;
  private final ExecutionContext threads;
  private final Duration keep;
  private Optional<LiveFeed> feed = Optional.empty();
  private Optional<Cancellable> end = Optional.empty();
  private int viewers;

  /** The {@code threads} may block until a feed has ended. */
  SharedFeed(
      Supplier<LiveFeed> start, Scheduler scheduler, ExecutionContext threads, Duration keep) {
    this.start = start;
    this.scheduler = scheduler;
    this.threads = threads;
    this.keep = keep;
  }

  /** The feed; each viewer must {@link #leave} once. */
  synchronized LiveFeed enter() {
    viewers++;
    end.ifPresent(Cancellable::cancel);
    end = Optional.empty();
    LiveFeed entered = feed.orElseGet(start);
    feed = Optional.of(entered);
    return entered;
  }

  synchronized void leave() {
    if (--viewers == 0) {
      end = Optional.of(scheduler.scheduleOnce(keep, this::endUnused, threads));
    }
  }

  synchronized boolean isOpen() {
    return feed.isPresent();
  }

  @Override
  public void close() {
    removed(true).ifPresent(LiveFeed::close);
  }

  private void endUnused() {
    removed(false).ifPresent(LiveFeed::close);
  }

  /** Removes the feed; the caller closes it outside of the lock, as that may block. */
  private synchronized Optional<LiveFeed> removed(boolean evenWithViewers) {
    if (viewers > 0 && !evenWithViewers) {
      return Optional.empty();
    }
    Optional<LiveFeed> open = feed;
    feed = Optional.empty();
    end.ifPresent(Cancellable::cancel);
    end = Optional.empty();
    return open;
  }
}
