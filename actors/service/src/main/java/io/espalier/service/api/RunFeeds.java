package io.espalier.service.api;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import io.espalier.service.RunService;
import io.espalier.service.http.HttpSettings;
import io.espalier.telemetry.outbox.Outbox;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import scala.concurrent.ExecutionContext;

/** The feeds that have listeners; the files of other runs are not looked at. Thread-safe. */
final class RunFeeds {
  private final ActorSystem<?> system;
  private final RunService service;
  private final ExecutionContext threads;
  private final HttpSettings.Times times;
  private final Map<String, Active> feeds = new HashMap<>();

  private record Active(RunFeed feed, Cancellable looks, int listeners) {
    Active with(int more) {
      return new Active(feed, looks, listeners + more);
    }
  }

  RunFeeds(ActorSystem<?> system, RunService service, Executor threads, HttpSettings.Times times) {
    this.system = system;
    this.service = service;
    this.threads = ExecutionContext.fromExecutor(threads);
    this.times = times;
  }

  /** A run's feed; each listener must {@link #leave} once. */
  synchronized RunFeed listen(String run) {
    return feeds.compute(run, (id, active) -> (active == null ? start(id) : active).with(1)).feed();
  }

  synchronized void leave(String run) {
    feeds.computeIfPresent(
        run,
        (id, active) -> {
          if (active.listeners() > 1) {
            return active.with(-1);
          }
          active.looks().cancel();
          return null;
        });
  }

  void close() {
    List<Active> all;
    synchronized (this) {
      all = List.copyOf(feeds.values());
    }
    all.forEach(each -> each.feed().close());
  }

  private Active start(String run) {
    var feed =
        new RunFeed(
            run, service.directory(run).resolve(Outbox.FILE_NAME), service, times.heartbeat());
    Cancellable looks =
        system.scheduler().scheduleWithFixedDelay(times.look(), times.look(), feed::look, threads);
    return new Active(feed, looks, 0);
  }
}
