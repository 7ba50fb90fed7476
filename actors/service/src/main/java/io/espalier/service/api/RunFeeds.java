package io.espalier.service.api;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import io.espalier.service.RunService;
import io.espalier.telemetry.outbox.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import scala.concurrent.ExecutionContext;

/** The feeds that somebody listens to; a run without listeners is not looked at. Thread-safe. */
final class RunFeeds {
  private final ActorSystem<?> system;
  private final RunService service;
  private final ExecutionContext threads;
  private final Duration look;
  private final Duration heartbeat;
  private final Map<String, Listened> feeds = new HashMap<>();

  private static final class Listened {
    private final RunFeed feed;
    private final Cancellable looks;
    private int listeners;

    private Listened(RunFeed feed, Cancellable looks) {
      this.feed = feed;
      this.looks = looks;
    }
  }

  RunFeeds(
      ActorSystem<?> system,
      RunService service,
      Executor threads,
      Duration look,
      Duration heartbeat) {
    this.system = system;
    this.service = service;
    this.threads = ExecutionContext.fromExecutor(threads);
    this.look = look;
    this.heartbeat = heartbeat;
  }

  /** A run's feed; every one who listens must {@link #leave} once. */
  synchronized RunFeed listen(String run) {
    Listened listened = feeds.computeIfAbsent(run, this::start);
    listened.listeners++;
    return listened.feed;
  }

  synchronized void leave(String run) {
    Listened listened = feeds.get(run);
    if (listened != null && --listened.listeners == 0) {
      listened.looks.cancel();
      feeds.remove(run);
    }
  }

  /** Runs that are looked at. */
  synchronized int count() {
    return feeds.size();
  }

  void close() {
    List<Listened> all;
    synchronized (this) {
      all = new ArrayList<>(feeds.values());
    }
    all.forEach(each -> each.feed.close());
  }

  private Listened start(String run) {
    var feed =
        new RunFeed(run, service.directory(run).resolve(Outbox.FILE_NAME), service, heartbeat);
    Cancellable looks = system.scheduler().scheduleWithFixedDelay(look, look, feed::look, threads);
    return new Listened(feed, looks);
  }
}
