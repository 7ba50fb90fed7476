package io.espalier.cli.serve;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.console.ProgramName;
import io.espalier.service.api.LocalRunApi;
import io.espalier.service.dashboard.Dashboard;
import io.espalier.service.dashboard.DashboardSettings;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.CallerDirectory;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.HttpSettings;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.training.run.BrokerLease;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A dashboard by itself, in this process. */
public final class DashboardProcess implements AutoCloseable {
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(5);

  private final ActorSystem<Void> system;
  private final HttpSettings http;
  private final BrokerLease broker;
  private final Optional<AccessTokens> tokens;
  private final LocalRunApi runs;
  private final Dashboard dashboard;
  private final HttpServer server;

  private DashboardProcess(
      Path home, Optional<BrokerAccess> external, HttpSettings http, List<Endpoint> more)
      throws IOException {
    this.http = http;
    broker = new BrokerLease(home, external);
    tokens = http.isOpen() ? Optional.empty() : Optional.of(tokens(home));
    runs = new LocalRunApi(home);
    system = ActorSystem.create(Behaviors.empty(), "dashboard");
    try {
      dashboard =
          new Dashboard(
              system,
              DashboardSettings.alone(
                      CodeVersion.current(),
                      () -> LiveFeed.start(broker::access, Clock.systemUTC()),
                      http)
                  .withCommand(ProgramName.get())
                  .withNotes(runs.notes()));
      server =
          dashboard.serve(
              http,
              tokens.<CallerDirectory>map(each -> each).orElse(CallerDirectory.NONE),
              Stream.concat(runs.endpoints(http.isOpen()).stream(), more.stream()).toList());
    } catch (IOException | RuntimeException e) {
      end();
      throw e;
    }
  }

  /** Throws {@link IOException} if the address is taken or a file cannot be used. */
  static DashboardProcess start(Path home, Optional<BrokerAccess> external, HttpSettings http)
      throws IOException {
    return start(home, external, http, List.of());
  }

  /** Starts a dashboard with more endpoints on its server. */
  public static DashboardProcess start(
      Path home, Optional<BrokerAccess> external, HttpSettings http, List<Endpoint> more)
      throws IOException {
    return new DashboardProcess(home, external, http, more);
  }

  /** Where the page is; the port is the real one. */
  public URI page() {
    return server().resolve(Dashboard.PATH);
  }

  public URI server() {
    return http.uri(server.address());
  }

  /** The broker of the shown events; starts the home's if no process has it. */
  Broker broker() throws IOException {
    return broker.open();
  }

  Optional<Path> token() {
    return tokens.map(AccessTokens::first);
  }

  @Override
  public void close() {
    server.close(dashboard::close);
    end();
  }

  /** An actor that hangs is left behind: the process must end nevertheless. */
  private void end() {
    broker.close();
    runs.close();
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(Done.getInstance(), TERMINATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static AccessTokens tokens(Path home) throws IOException {
    AccessTokens tokens =
        AccessTokens.open(ServeSettings.directoryIn(home), InstantSource.system());
    tokens.prepareFirst();
    return tokens;
  }
}
