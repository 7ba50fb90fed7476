package io.espalier.service.dashboard;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ServerBinding;
import io.espalier.service.http.BearerAuthentication;
import io.espalier.service.http.CallerDirectory;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Listener;
import io.espalier.service.http.ProblemMapper;
import io.espalier.service.http.RequestDispatcher;
import io.espalier.service.http.Route;
import io.espalier.service.http.RouteTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A server that shows the dashboard and nothing else, while it listens. Thread-safe. */
public final class DashboardServer implements AutoCloseable {
  private final Duration end;
  private final Dashboard dashboard;
  private final ServerBinding binding;

  private DashboardServer(Dashboard dashboard, ServerBinding binding, Duration end) {
    this.dashboard = dashboard;
    this.binding = binding;
    this.end = end;
  }

  /**
   * Listens, and begins to read events, so that they are there when somebody looks.
   *
   * @param callers who may look, where the settings ask for a role
   * @param more routes that it answers too
   * @throws IOException if the address is taken, or a file of TLS is not what it should be
   */
  public static DashboardServer start(
      ActorSystem<?> system,
      HttpSettings http,
      CallerDirectory callers,
      DashboardSettings settings,
      List<Route> more)
      throws IOException {
    var dashboard = new Dashboard(system, settings);
    var routes =
        new RouteTable(
            Stream.of(dashboard.routes(), more).flatMap(List::stream).toList(), Dashboard.PATH);
    var dispatch =
        new RequestDispatcher(
            system,
            routes,
            new BearerAuthentication(callers, refused -> {}),
            ProblemMapper::of,
            (method, route, status, nanos) -> {},
            http.times().body().plus(http.times().answer()));
    ServerBinding binding = Listener.bind(system, http, dispatch);
    dashboard.readAlways();
    return new DashboardServer(dashboard, binding, http.times().end());
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Accepts nothing more, ends streams, and stops reading. */
  @Override
  public void close() {
    binding
        .unbind()
        .thenCompose(done -> dashboard.close(end))
        .thenCompose(done -> binding.terminate(end))
        .toCompletableFuture()
        .join();
  }
}
