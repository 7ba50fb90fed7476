package io.espalier.service.api;

import akka.actor.typed.ActorSystem;
import io.espalier.service.RunService;
import io.espalier.service.dashboard.Dashboard;
import io.espalier.service.dashboard.DashboardSettings;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Role;
import io.espalier.service.notes.RunNotes;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.trainer.run.CodeVersion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The API of a service while it listens. Thread-safe. */
public final class HttpApi implements AutoCloseable {
  private static final int FILE_THREADS = 2;
  private static final long IDLE_SECONDS = 10;

  private final HttpSettings settings;
  private final ThreadPoolExecutor threads = fileThreads();
  private final ApiMetrics metrics;
  private final EventRoutes events;
  private final DataRoutes data;
  private final Dashboard dashboard;
  private final List<Endpoint> endpoints;
  private final HttpServer server;

  /**
   * What the API makes accessible.
   *
   * @param feed starts to read events, at the first use of the dashboard
   * @param data that clients have uploaded
   * @param meters registry that the API adds its metrics to, and serves
   */
  public record Parts(
      RunService service,
      AccessTokens tokens,
      ServiceDescription.Source description,
      Supplier<LiveFeed> feed,
      NodeFiles files,
      DataSets data,
      JournalBackup journal,
      PrometheusMeterRegistry meters) {}

  /**
   * Starts to listen; the default dispatcher of {@code system} answers.
   *
   * @throws IOException if the address is taken, or a file of TLS is invalid
   */
  public HttpApi(ActorSystem<?> system, HttpSettings settings, Parts parts) throws IOException {
    this.settings = settings;
    ReportLinks links = ReportLinks.open(parts.files().service(), InstantSource.system());
    RunService service = parts.service();
    ServiceDescription.Source description = parts.description();
    this.metrics =
        new ApiMetrics(
            service,
            description,
            parts.meters(),
            new StorageMetrics.Places(parts.files(), parts.data()),
            threads);
    this.events = new EventRoutes(system, service, threads, settings);
    this.data = new DataRoutes(parts.data(), service, threads);
    RunNotes notes = RunNotes.in(parts.files().runs());
    this.dashboard =
        new Dashboard(
            system,
            DashboardSettings.ofService(
                    CodeVersion.current(), parts.feed(), new WatchedRuns(service, description))
                .withNotes(new WatchedNotes(notes::all, threads)));
    metrics.gauge("espalier.http.streams", "Streams of events that are open", events::open);
    metrics.gauge("espalier.dashboard.streams", "Viewers of the dashboard", dashboard::streams);
    Optional<Role> scraper = settings.isOpen() ? Optional.empty() : Optional.of(Role.READ);
    this.endpoints =
        Stream.of(
                new RunRoutes(service).endpoints(),
                new FileRoutes(
                        run ->
                            service
                                .status(run)
                                .thenApply(status -> service.directory(status.run())),
                        threads,
                        Optional.of(links),
                        Optional.of(Role.READ))
                    .endpoints(),
                new NoteRoutes(notes, threads)
                    .endpoints(Optional.of(Role.READ), Optional.of(Role.OPERATE)),
                events.endpoints(),
                data.endpoints(),
                new ServiceRoutes(service, description).endpoints(),
                dashboard.endpoints(),
                List.of(
                    new BackupRoutes(parts.files().service(), parts.journal(), threads).endpoint(),
                    metrics.endpoint(scraper)))
            .flatMap(List::stream)
            .map(new ViewGuard(service)::guarded)
            .toList();
    this.server = listen(system, parts.tokens());
  }

  private HttpServer listen(ActorSystem<?> system, AccessTokens tokens) throws IOException {
    try {
      return HttpServer.start(
          system,
          settings,
          new HttpServer.Application(
              endpoints, ServiceRoutes.CONTENTS, tokens, ServiceProblems::of, metrics));
    } catch (IOException e) {
      release();
      throw e;
    }
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return server.address();
  }

  public URI uri() {
    return settings.uri(address());
  }

  public MeterRegistry meters() {
    return metrics.registry();
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** Accepts no more calls, ends streams with a reconnect hint, and lets other calls end. */
  @Override
  public void close() {
    server.close(end -> events.close(end).runAfterBoth(dashboard.close(end), () -> {}));
    release();
  }

  private void release() {
    data.close();
    threads.shutdown();
    metrics.close();
  }

  /** Threads for file access; they end when idle. */
  static ThreadPoolExecutor fileThreads() {
    var threads =
        new ThreadPoolExecutor(
            FILE_THREADS,
            FILE_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "espalier-http-files");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
