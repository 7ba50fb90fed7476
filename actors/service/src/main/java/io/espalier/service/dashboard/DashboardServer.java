package io.espalier.service.dashboard;

import akka.actor.typed.ActorSystem;
import io.espalier.service.http.CallerDirectory;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/** A server of the dashboard alone, while it listens. Thread-safe. */
public final class DashboardServer implements AutoCloseable {
  private final Dashboard dashboard;
  private final HttpServer server;

  private DashboardServer(Dashboard dashboard, HttpServer server) {
    this.dashboard = dashboard;
    this.server = server;
  }

  /**
   * Listens, and begins to read events, so that they are there for the first viewer.
   *
   * @param callers whose tokens are valid, where the settings ask for a role
   * @param more endpoints beside those of the dashboard
   * @throws IOException if the address is taken, or a file of TLS is invalid
   */
  public static DashboardServer start(
      ActorSystem<?> system,
      HttpSettings http,
      CallerDirectory callers,
      DashboardSettings settings,
      List<Endpoint> more)
      throws IOException {
    var dashboard = new Dashboard(system, settings);
    List<Endpoint> endpoints = Stream.concat(dashboard.endpoints().stream(), more.stream()).toList();
    HttpServer server =
        HttpServer.start(
            system,
            http,
            new HttpServer.Application(
                endpoints, Dashboard.PATH, callers, Problem::of, HttpServer.Observer.NONE));
    dashboard.readAlways();
    return new DashboardServer(dashboard, server);
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Accepts nothing more, ends streams, and stops reading. */
  @Override
  public void close() {
    server.close(dashboard::close);
  }
}
