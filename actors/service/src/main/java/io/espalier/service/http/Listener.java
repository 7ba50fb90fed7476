package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.javadsl.Flow;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import scala.concurrent.duration.Duration;

/** Binds a server to its address. */
public final class Listener {
  private static final String SETTINGS = "http.conf";

  private Listener() {}

  /**
   * Binds.
   *
   * @throws IOException if the address is taken, or a file of TLS is not what it should be
   */
  public static ServerBinding bind(
      ActorSystem<?> system, HttpSettings settings, RequestDispatcher dispatch) throws IOException {
    Flow<HttpRequest, HttpResponse, ?> connection =
        Flow.fromGraph(new ConnectionStage(dispatch::answer, settings.times().head()));
    ServerBuilder server =
        Http.get(system)
            .newServerAt(
                settings.address().getAddress().getHostAddress(), settings.address().getPort())
            .withSettings(server(system, settings));
    if (settings.tls().isPresent()) {
      server = server.enableHttps(ReloadingTls.of(settings.tls().get()));
    }
    try {
      return server.bindFlow(connection).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new IOException(
          "a server must have an address that is free: address=%s, cause=%s; choose another with --listen"
              .formatted(settings.address(), e.getCause()),
          e);
    }
  }

  private static ServerSettings server(ActorSystem<?> system, HttpSettings settings) {
    Config own =
        ConfigFactory.parseResources(
            Listener.class.getClassLoader(),
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
}
