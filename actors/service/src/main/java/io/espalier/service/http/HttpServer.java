package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.settings.ServerSettings;
import com.sun.management.UnixOperatingSystemMXBean;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import scala.concurrent.duration.Duration;

/** A server while it listens. Thread-safe. */
public final class HttpServer {
  private static final String SETTINGS = "http.conf";

  /** The rest is for the files of runs, transfers and the journal. */
  private static final int FILES_PER_CONNECTION = 4;

  private final Listener listener;
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

    /** Called once, when the server listens. */
    default void listens(Connections connections) {}
  }

  /** The connections of a server. Thread-safe. */
  public interface Connections {
    int open();

    /** Counts connections that were ended to make room for others, since the start. */
    long ended();
  }

  private HttpServer(Listener listener, java.time.Duration end) {
    this.listener = listener;
    this.end = end;
  }

  /**
   * Binds a server to its address.
   *
   * @throws IOException if the address is taken, or a file of TLS is invalid
   */
  public static HttpServer start(
      ActorSystem<?> system, HttpSettings settings, Application application) throws IOException {
    Optional<ReloadingTls> tls =
        settings.tls().isPresent()
            ? Optional.of(ReloadingTls.of(settings.tls().get()))
            : Optional.empty();
    var host = new HostCheck(settings, () -> tls.map(ReloadingTls::names).orElse(Set.of()));
    var handler = new RequestHandler(system, settings, host, application);
    int most = Math.min(settings.limits().connections(), files() / FILES_PER_CONNECTION);
    try {
      var listener =
          new Listener(
              system, settings, tls, settings(system, settings.times()), most, handler::answer);
      application.observer().listens(listener.connections());
      return new HttpServer(listener, settings.times().end());
    } catch (IOException e) {
      throw new IOException(
          "a server must have an address that is free: address=%s, cause=%s; choose another with --listen"
              .formatted(settings.address(), e.getMessage()),
          e);
    }
  }

  private static ServerSettings settings(ActorSystem<?> system, HttpSettings.Times times) {
    Config own =
        ConfigFactory.parseResources(
            HttpServer.class.getClassLoader(),
            SETTINGS,
            ConfigParseOptions.defaults().setAllowMissing(false));
    ServerSettings server = ServerSettings.create(own.withFallback(system.settings().config()));
    return server.withTimeouts(
        server.getTimeouts().withLingerTimeout(Duration.fromNanos(times.head().toNanos())));
  }

  private static int files() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(unix.getMaxFileDescriptorCount(), Integer.MAX_VALUE)
        : Integer.MAX_VALUE;
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /**
   * Accepts no more connections, ends the streams, and lets other calls end. Returns when all have
   * ended, or after three times the time that each part has.
   *
   * @param streams completes when they have ended, or after the given time
   */
  public void close(Function<java.time.Duration, CompletionStage<Void>> streams) {
    listener
        .unbind()
        .thenCompose(done -> streams.apply(end))
        .thenCompose(done -> listener.end(end))
        .thenApply(done -> true)
        .toCompletableFuture()
        .completeOnTimeout(false, 3 * end.toMillis() + 1_000, TimeUnit.MILLISECONDS)
        .join();
  }
}
