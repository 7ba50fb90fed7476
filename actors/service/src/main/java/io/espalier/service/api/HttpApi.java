package io.espalier.service.api;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ServerBinding;
import io.espalier.service.RunService;
import io.espalier.service.dashboard.Dashboard;
import io.espalier.service.dashboard.DashboardSettings;
import io.espalier.service.http.BearerAuthentication;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Listener;
import io.espalier.service.http.RequestBody;
import io.espalier.service.http.RequestDispatcher;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import io.espalier.service.http.RouteTable;
import io.espalier.service.http.Tokens;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.trainer.run.CodeVersion;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The API of a service while it listens. Thread-safe. */
public final class HttpApi implements AutoCloseable {
  private static final String CONTENTS = "/v1/openapi.json";

  private final HttpSettings settings;
  private final FileThreads threads = new FileThreads();
  private final ApiMetrics metrics = new ApiMetrics();
  private final EventStreams streams;
  private final Dashboard dashboard;
  private final RouteTable routes;
  private final ServerBinding binding;

  private HttpApi(
      ActorSystem<?> system,
      HttpSettings settings,
      RunService service,
      Tokens tokens,
      ServiceDescription.Source description,
      Supplier<LiveFeed> events)
      throws IOException {
    Duration body = settings.times().body();
    this.settings = settings;
    this.streams = streams(system, service);
    this.dashboard = dashboard(system, new WatchedRuns(service, description), events);
    this.routes = routes(service, description, new RequestBody(system, body));
    var gate = new BearerAuthentication(tokens, metrics::refused);
    var dispatch =
        new RequestDispatcher(
            system,
            routes,
            gate,
            ServiceProblems::of,
            metrics::answered,
            body.plus(settings.times().answer()));
    this.binding = bind(system, dispatch);
  }

  private ServerBinding bind(ActorSystem<?> system, RequestDispatcher dispatch) throws IOException {
    try {
      return Listener.bind(system, settings, dispatch);
    } catch (IOException e) {
      release();
      throw e;
    }
  }

  /**
   * Listens.
   *
   * @param system whose default dispatcher answers; files are read by threads of the API's own
   * @param description of the service, for {@code /v1/service}
   * @param events begins to read events, when somebody looks at the dashboard
   * @throws IOException if the address is taken, or a file of TLS is not what it should be
   */
  public static HttpApi start(
      ActorSystem<?> system,
      HttpSettings settings,
      RunService service,
      Tokens tokens,
      ServiceDescription.Source description,
      Supplier<LiveFeed> events)
      throws IOException {
    return new HttpApi(system, settings, service, tokens, description, events);
  }

  private EventStreams streams(ActorSystem<?> system, RunService service) {
    HttpSettings.Limits limits = settings.limits();
    HttpSettings.Times times = settings.times();
    var made =
        new EventStreams(
            system,
            service,
            threads,
            new EventStreams.Settings(
                limits.streams(), limits.streamsOfToken(), times.look(), times.heartbeat()));
    metrics.gauge("espalier.http.streams", "Streams of events that are open", made::count);
    return made;
  }

  private Dashboard dashboard(ActorSystem<?> system, WatchedRuns runs, Supplier<LiveFeed> events) {
    var made =
        new Dashboard(
            system, DashboardSettings.ofService(CodeVersion.current(), events, settings, runs));
    metrics.gauge("espalier.dashboard.streams", "Viewers of the dashboard", made::streams);
    return made;
  }

  private RouteTable routes(
      RunService service, ServiceDescription.Source description, RequestBody bodies) {
    Optional<Role> scraper = settings.isLocal() ? Optional.empty() : Optional.of(Role.READ);
    List<List<Route>> all =
        List.of(
            new RunRoutes(service, bodies).routes(),
            new FileRoutes(service, threads).routes(),
            new EventRoutes(service, streams).routes(),
            new ServiceRoutes(service, description).routes(),
            dashboard.routes(),
            new MetricRoutes(metrics, service, scraper).routes());
    return new RouteTable(all.stream().flatMap(List::stream).toList(), CONTENTS);
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Where a client on this machine finds it. */
  public URI uri() {
    return settings.uri(address());
  }

  /** What {@code /metrics} shows, for other parts of the service to add to. */
  public MeterRegistry meters() {
    return metrics.registry();
  }

  RouteTable routes() {
    return routes;
  }

  /** Accepts nothing more, ends streams with a hint to come back, and lets other calls end. */
  @Override
  public void close() {
    Duration end = settings.times().end();
    binding
        .unbind()
        .thenCompose(
            done -> streams.close(end).thenCombine(dashboard.close(end), (one, other) -> done))
        .thenCompose(done -> binding.terminate(end))
        .toCompletableFuture()
        .join();
    release();
  }

  private void release() {
    threads.close();
    metrics.close();
  }
}
