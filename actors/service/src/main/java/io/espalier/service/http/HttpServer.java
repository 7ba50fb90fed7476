package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.javadsl.Flow;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import scala.concurrent.duration.Duration;

/** A server while it listens. Thread-safe. */
public final class HttpServer {
  private static final String SETTINGS = "http.conf";

  private final ServerBinding binding;
  private final java.time.Duration end;

  /**
   * The content of a server.
   *
   * @param contents address that lists the endpoints, for answers to unknown addresses
   * @param problems maps a failure to the problem of the answer
   */
  public record Application(
      List<Endpoint> endpoints,
      String contents,
      CallerDirectory callers,
      Function<Throwable, Problem> problems,
      Observer observer) {
    public Application {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** Counts requests. Thread-safe. */
  public interface Observer {
    Observer NONE = new Observer() {};

    /** Called before an answer is sent; {@code path} is spelled as in OpenAPI, or {@code none}. */
    default void answered(String method, String path, int status, long nanos) {}

    /** Called for each call without a sufficient token. */
    default void refused(ProblemKind kind) {}
  }

  private HttpServer(ServerBinding binding, java.time.Duration end) {
    this.binding = binding;
    this.end = end;
  }

  /**
   * Binds a server to its address.
   *
   * @throws IOException if the address is taken, or a file of TLS is invalid
   */
  public static HttpServer start(
      ActorSystem<?> system, HttpSettings settings, Application application) throws IOException {
    var handler = new RequestHandler(system, settings.times(), application);
    ServerBuilder server =
        Http.get(system)
            .newServerAt(
                settings.address().getAddress().getHostAddress(), settings.address().getPort())
            .withSettings(settings(system, settings));
    if (settings.tls().isPresent()) {
      server = server.enableHttps(ReloadingTls.of(settings.tls().get()));
    }
    try {
      ServerBinding binding =
          server
              .bindFlow(
                  Flow.fromGraph(new ConnectionStage(handler::answer, settings.times().head())))
              .toCompletableFuture()
              .join();
      return new HttpServer(binding, settings.times().end());
    } catch (CompletionException e) {
      throw new IOException(
          "a server must have an address that is free: address=%s, cause=%s; choose another with --listen"
              .formatted(settings.address(), e.getCause()),
          e);
    }
  }

  private static ServerSettings settings(ActorSystem<?> system, HttpSettings settings) {
    Config own =
        ConfigFactory.parseResources(
            HttpServer.class.getClassLoader(),
            SETTINGS,
            ConfigParseOptions.defaults().setAllowMissing(false));
    ServerSettings server = ServerSettings.create(own.withFallback(system.settings().config()));
    return server
        .withMaxConnections(settings.limits().connections())
        .withTimeouts(
            server
                .getTimeouts()
                .withIdleTimeout(Duration.fromNanos(settings.times().idle().toNanos()))
                .withLingerTimeout(Duration.fromNanos(settings.times().head().toNanos())));
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /**
   * Accepts no more connections, ends the streams, and lets other calls end.
   *
   * @param streams completes when they have ended, or after the given time
   */
  public void close(Function<java.time.Duration, CompletionStage<Void>> streams) {
    binding
        .unbind()
        .thenCompose(done -> streams.apply(end))
        .thenCompose(done -> binding.terminate(end))
        .toCompletableFuture()
        .join();
  }
}
