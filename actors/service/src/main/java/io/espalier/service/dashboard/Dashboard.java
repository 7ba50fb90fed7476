package io.espalier.service.dashboard;

import akka.actor.typed.ActorSystem;
import io.espalier.service.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The live page and its streams, for a server to mount. Nothing is read or kept in memory before
 * somebody looks. Thread-safe.
 */
public final class Dashboard {
  /** Where the page is. */
  public static final String PATH = DashboardRoutes.HOME;

  private final LiveStreams streams;
  private final List<Route> routes;

  public Dashboard(ActorSystem<?> system, DashboardSettings settings) {
    streams =
        new LiveStreams(
            system,
            settings.events(),
            settings.service(),
            settings.clock(),
            new LiveStreams.Settings(
                settings.streams(), settings.streamsOfToken(), settings.poll(), settings.keep()));
    routes = new DashboardRoutes(settings, streams, new HostRule(settings.isPlaintext())).routes();
  }

  public List<Route> routes() {
    return routes;
  }

  /** Streams that are open. */
  public int streams() {
    return streams.count();
  }

  /** Whether events are read right now. */
  public boolean isReading() {
    return streams.isReading();
  }

  /** Reads events from now on until the end, whoever looks. */
  public void readAlways() {
    streams.readAlways();
  }

  /** Ends all streams, and stops reading; over when they are gone, or have had their time. */
  public CompletionStage<Void> close(Duration time) {
    return streams.close(time);
  }
}
