package io.espalier.telemetry.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.fault.Backoff;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.live.LiveFeed.SourceStatus.State;
import io.espalier.telemetry.view.ReadModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a read model from a broker, from the beginning of each topic, in its own thread and without
 * a consumer group. Without a broker it retries endlessly; the model keeps its content.
 * Thread-safe.
 */
public final class LiveFeed implements AutoCloseable {
  private static final long PATIENCE_MS = 5_000;

  private final Supplier<Optional<BrokerAccess>> broker;
  private final ReadModel model;
  private final EventDispatcher dispatcher;
  private final Positions positions = new Positions();
  private final Backoff backoff =
      Backoff.exponential(Duration.ofMillis(500), Duration.ofSeconds(5));
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable ConsumerConnection connection;
  private volatile SourceStatus status =
      new SourceStatus(
          State.WAITING, Optional.empty(), Optional.empty(), 0, 0, Optional.empty(), 0);

  private LiveFeed(Supplier<Optional<BrokerAccess>> broker, Clock clock) {
    this.broker = broker;
    model = new ReadModel(clock);
    dispatcher = new EventDispatcher(model);
    thread = new Thread(this::feedToTheEnd, "espalier-live-feed");
    thread.setDaemon(true);
  }

  /** Starts to read; {@code broker} need not be up and is resolved again after each failure. */
  public static LiveFeed start(Supplier<Optional<BrokerAccess>> broker, Clock clock) {
    LiveFeed feed = new LiveFeed(broker, clock);
    feed.thread.start();
    return feed;
  }

  public ReadModel model() {
    return model;
  }

  public SourceStatus status() {
    return status;
  }

  @Override
  public void close() {
    closed.countDown();
    ConsumerConnection open = connection;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(PATIENCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** An error ends the thread; the model must not pass for live afterwards. */
  private void feedToTheEnd() {
    try {
      feed();
    } finally {
      if (!isClosed()) {
        publish(
            State.WAITING,
            Optional.empty(),
            Optional.of("reading has ended by an error; see the log and restart this process"));
      }
    }
  }

  private void feed() {
    Optional<BrokerAccess> access = Optional.empty();
    while (!isClosed()) {
      try {
        access = broker.get();
        if (access.isPresent()) {
          read(access.get());
        } else {
          retry(access, "there must be a broker to read from: none is up");
        }
      } catch (WakeupException e) {
        return;
      } catch (InterruptedException | InterruptException e) {
        return;
      } catch (ExecutionException | RuntimeException e) {
        String problem =
            access.isPresent()
                ? String.valueOf(access.get().problem(e).getMessage())
                : String.valueOf(e.getMessage());
        retry(access, problem);
      }
    }
  }

  private void read(BrokerAccess access) throws ExecutionException, InterruptedException {
    try (ConsumerConnection open = new ConsumerConnection(access, positions, dispatcher)) {
      connection = open;
      if (!isClosed()) {
        open.open();
      }
      while (!isClosed()) {
        publish(
            open.isCaughtUp() ? State.LIVE : State.CATCHING_UP,
            Optional.of(access),
            Optional.empty());
        model.topics(positions.progressByTopic());
        backoff.reset();
        open.read();
      }
    } finally {
      connection = null;
    }
  }

  private void retry(Optional<BrokerAccess> access, String problem) {
    publish(State.WAITING, access, Optional.of(problem));
    try {
      if (closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      closed.countDown();
    }
  }

  private void publish(State state, Optional<BrokerAccess> access, Optional<String> problem) {
    status =
        new SourceStatus(
            state,
            access.map(BrokerAccess::address),
            problem,
            positions.progress(),
            positions.lag(),
            dispatcher.newest(),
            dispatcher.skipped());
  }

  /**
   * The progress of a live feed: {@code progress} from 0 to 1 of the records at start, {@code lag}
   * records unread, {@code newest} event time, {@code skipped} undecodable records.
   */
  public record SourceStatus(
      State state,
      Optional<String> address,
      Optional<String> problem,
      double progress,
      long lag,
      Optional<Instant> newest,
      long skipped) {
    public enum State {
      /** All records are read, except the newest. */
      LIVE,
      CATCHING_UP,
      WAITING
    }

    public ObjectNode json(Instant now) {
      ObjectNode message = Json.LENIENT.createObjectNode();
      message.put("type", "status").put("now", now.toEpochMilli());
      ObjectNode source = message.putObject("source");
      source.put("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      source.put("address", address.orElse(null));
      source.put("problem", problem.orElse(null));
      source.put("progress", progress);
      source.put("lag", lag);
      source.put("newest", newest.map(Instant::toEpochMilli).orElse(null));
      source.put("skipped", skipped);
      return message;
    }
  }
}
