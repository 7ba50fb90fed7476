package io.espalier.actors.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.javadsl.Flow;
import com.typesafe.config.ConfigFactory;
import io.espalier.actors.service.RunService;
import io.espalier.actors.service.http.access.Tokens;
import io.espalier.actors.service.http.events.EventRoutes;
import io.espalier.actors.service.http.events.EventStreams;
import io.espalier.actors.service.http.file.FileRoutes;
import io.espalier.actors.service.http.file.FileThreads;
import io.espalier.actors.service.http.route.Dispatch;
import io.espalier.actors.service.http.route.Gate;
import io.espalier.actors.service.http.route.RequestBody;
import io.espalier.actors.service.http.route.Route;
import io.espalier.actors.service.http.route.RouteTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The API of a service while it listens. Thread-safe. */
public final class HttpApi implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final ServerBinding binding;
  private final HttpSettings settings;
  private final FileThreads threads;
  private final EventStreams streams;

  private HttpApi(
      ServerBinding binding, HttpSettings settings, FileThreads threads, EventStreams streams) {
    this.binding = binding;
    this.settings = settings;
    this.threads = threads;
    this.streams = streams;
  }

  /**
   * Listens.
   *
   * @throws IOException if the address is taken, or a file of TLS is not what it should be
   */
  public static HttpApi start(
      ActorSystem<?> system,
      HttpSettings settings,
      RunService service,
      Tokens tokens,
      ServiceDescription.Source description)
      throws IOException {
    Duration body = settings.times().body();
    var threads = new FileThreads();
    var streams = new EventStreams(system, service, threads, streams(settings));
    List<Route> routes = new ArrayList<>();
    routes.addAll(new RunRoutes(service, new RequestBody(system, body)).routes());
    routes.addAll(new FileRoutes(service, threads).routes());
    routes.addAll(new EventRoutes(service, streams).routes());
    routes.addAll(new ServiceRoutes(service, description).routes());
    var dispatch =
        new Dispatch(
            system,
            new RouteTable(routes),
            new Gate(tokens, kind -> {}),
            (method, route, status, nanos) -> {},
            body.plus(ANSWER));
    return new HttpApi(bind(system, settings, dispatch), settings, threads, streams);
  }

  private static EventStreams.Settings streams(HttpSettings settings) {
    return new EventStreams.Settings(
        settings.limits().streams(),
        settings.limits().streamsOfToken(),
        settings.times().look(),
        settings.times().heartbeat());
  }

  private static ServerBinding bind(ActorSystem<?> system, HttpSettings settings, Dispatch dispatch)
      throws IOException {
    Flow<HttpRequest, HttpResponse, ?> connection =
        Flow.fromGraph(new ConnectionStage(dispatch::answer, settings.times().head()));
    ServerBuilder server =
        Http.get(system)
            .newServerAt(
                settings.address().getAddress().getHostAddress(), settings.address().getPort())
            .withSettings(server(system, settings));
    if (settings.tls().isPresent()) {
      server = server.enableHttps(ServerTls.of(settings.tls().get()));
    }
    try {
      return server.bindFlow(connection).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new IOException(
          "the API must have an address of its own: address=%s, cause=%s; choose another with --listen"
              .formatted(settings.address(), e.getCause()),
          e);
    }
  }

  private static ServerSettings server(ActorSystem<?> system, HttpSettings settings) {
    ServerSettings server =
        ServerSettings.create(
            ConfigFactory.parseResources("http.conf").withFallback(system.settings().config()));
    return server
        .withMaxConnections(settings.limits().connections())
        .withTimeouts(
            server
                .getTimeouts()
                .withIdleTimeout(
                    scala.concurrent.duration.Duration.fromNanos(
                        settings.times().idle().toNanos())));
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Accepts nothing more, ends streams with a hint to come back, and lets other calls end. */
  @Override
  public void close() {
    binding
        .unbind()
        .thenCompose(done -> streams.close(settings.times().end()))
        .toCompletableFuture()
        .join();
    binding.terminate(settings.times().end()).toCompletableFuture().join();
    threads.close();
  }
}
