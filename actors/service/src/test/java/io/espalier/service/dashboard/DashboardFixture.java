package io.espalier.service.dashboard;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.service.http.CallerDirectory;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.HttpSettings;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.live.LiveFeed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A dashboard that really listens, and whose events come from the test. */
final class DashboardFixture implements AutoCloseable {
  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "dashboard-test");
  private final LiveFeed feed;
  private final Map<String, Long> sequences = new HashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Dashboard dashboard;
  private final HttpServer server;

  private DashboardFixture(Supplier<LiveFeed> start, UnaryOperator<DashboardSettings> settings)
      throws IOException {
    feed = start.get();
    HttpSettings http = HttpSettings.loopback(0);
    dashboard =
        new Dashboard(system, settings.apply(DashboardSettings.alone("0.1", () -> feed, http)));
    server = dashboard.serve(http, CallerDirectory.NONE, List.of());
  }

  static DashboardFixture start() throws IOException {
    return start(UnaryOperator.identity());
  }

  static DashboardFixture start(UnaryOperator<DashboardSettings> settings) throws IOException {
    return new DashboardFixture(() -> LiveFeed.start(Optional::empty, Clock.systemUTC()), settings);
  }

  /** One whose events come from elsewhere. */
  static DashboardFixture reading(Supplier<LiveFeed> start) throws IOException {
    return new DashboardFixture(start, UnaryOperator.identity());
  }

  int port() {
    return server.address().getPort();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port());
  }

  HttpClient client() {
    return client;
  }

  /** Publishes an event, as the run's next one of its topic, at this moment. */
  void publish(String run, Event event) {
    RunId id = new RunId(run);
    Envelope first = Envelope.of(id, 1, 1, Instant.now(), event);
    long sequence = sequences.merge(first.source() + first.topic(), 1L, Long::sum);
    feed.model().take(Envelope.of(id, sequence, 1, first.time(), event));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address().resolve(path)).timeout(Duration.ofMinutes(2));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  Viewer viewer(String... subjects) throws Exception {
    return Viewer.open(client, address(), Optional.empty(), subjects);
  }

  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** Sends bytes as they are, and returns the whole answer. */
  String raw(String text) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.close(dashboard::close);
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
