package io.espalier.service.dashboard;

import akka.actor.Cancellable;
import akka.actor.typed.Scheduler;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import scala.concurrent.ExecutionContext;

/**
 * The one reader of events that all viewers share: it begins with the first of them, and ends some
 * time after the last one left, so that nothing is read that nobody looks at. Thread-safe.
 */
final class SharedFeed implements AutoCloseable {
  private final Supplier<LiveFeed> start;
  private final Scheduler scheduler;
  private final ExecutionContext threads;
  private final Duration keep;
  private Optional<LiveFeed> feed = Optional.empty();
  private Optional<Cancellable> end = Optional.empty();
  private int viewers;

  /**
   * @param threads that may wait until a feed has ended
   */
  SharedFeed(
      Supplier<LiveFeed> start, Scheduler scheduler, ExecutionContext threads, Duration keep) {
    this.start = start;
    this.scheduler = scheduler;
    this.threads = threads;
    this.keep = keep;
  }

  /** The feed; every one who enters must {@link #leave} once. */
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

  /** Whether events are read. */
  synchronized boolean isOpen() {
    return feed.isPresent();
  }

  @Override
  public void close() {
    taken(true).ifPresent(LiveFeed::close);
  }

  private void endUnused() {
    taken(false).ifPresent(LiveFeed::close);
  }

  /** Takes the feed away; it is ended outside of the lock, as that may take a while. */
  private synchronized Optional<LiveFeed> taken(boolean whoeverLooks) {
    if (viewers > 0 && !whoeverLooks) {
      return Optional.empty();
    }
    Optional<LiveFeed> open = feed;
    feed = Optional.empty();
    end.ifPresent(Cancellable::cancel);
    end = Optional.empty();
    return open;
  }
}
