package io.espalier.service.api;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.service.api.ServiceDescription.Node;
import io.espalier.service.data.DataRoom;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Role;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.live.LiveFeed;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An API that really listens, before a service that is not real. */
public final class ApiFixture implements AutoCloseable {
  /** Bytes of one data set; all together may have twice as many. */
  public static final long LARGEST_DATA = 1 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "http-test");
  private final FakeRuns runs;
  private final AccessTokens tokens;
  private final String operate;
  private final String read;
  private final String manage;
  private final HttpApi api;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Optional<LiveFeed> feed = Optional.empty();

  private ApiFixture(Path directory, InstantSource clock, UnaryOperator<HttpSettings> settings)
      throws IOException {
    Path runDirectories = directory.resolve("runs");
    runs = new FakeRuns(runDirectories);
    tokens = AccessTokens.open(directory.resolve("service"), clock);
    operate = tokens.create("operator", Role.OPERATE);
    read = tokens.create("reader", Role.READ);
    manage = tokens.create("manager", Role.MANAGE);
    DataSets data =
        DataSets.open(
            Files.createDirectories(directory.resolve("data")),
            "n1",
            new DataRoom.Limits(LARGEST_DATA, 2 * LARGEST_DATA),
            InstantSource.fixed(Instant.EPOCH));
    var description =
        new ServiceDescription("0.1", "n1", List.of(new Node("n1", 2, 1, 2048, 1024)), 1, 1);
    api =
        new HttpApi(
            system,
            settings.apply(HttpSettings.loopback(0)),
            new HttpApi.Parts(
                runs,
                tokens,
                () -> CompletableFuture.completedFuture(description),
                this::feed,
                new NodeFiles(
                    directory.resolve("service"),
                    Files.createDirectories(runDirectories),
                    Backlog.of(directory)),
                data,
                zip -> Files.writeString(zip, "the journal").equals(zip),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
  }

  public static ApiFixture start(Path directory) throws IOException {
    return start(directory, UnaryOperator.identity());
  }

  public static ApiFixture start(Path directory, UnaryOperator<HttpSettings> settings)
      throws IOException {
    return new ApiFixture(directory, InstantSource.system(), settings);
  }

  /** One whose tokens end by {@code clock}. */
  public static ApiFixture start(Path directory, InstantSource clock) throws IOException {
    return new ApiFixture(directory, clock, UnaryOperator.identity());
  }

  /** The feed of the dashboard's events, which are the test's. */
  synchronized LiveFeed feed() {
    LiveFeed started = feed.orElseGet(() -> LiveFeed.start(Optional::empty, Clock.systemUTC()));
    feed = Optional.of(started);
    return started;
  }

  HttpResponse<String> send(String method, String path, String token) throws Exception {
    return send(
        anonymous(path)
            .header("Authorization", "Bearer " + token)
            .method(method, BodyPublishers.noBody()));
  }

  public FakeRuns runs() {
    return runs;
  }

  public AccessTokens tokens() {
    return tokens;
  }

  public HttpApi api() {
    return api;
  }

  public HttpClient client() {
    return client;
  }

  public String operate() {
    return operate;
  }

  public String manage() {
    return manage;
  }

  public String read() {
    return read;
  }

  /** A request with the token that may operate. */
  public HttpRequest.Builder request(String path) {
    return anonymous(path).header("Authorization", "Bearer " + operate);
  }

  public HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.address().getPort() + path))
        .timeout(Duration.ofSeconds(30));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  public HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  public HttpResponse<String> post(String path) throws Exception {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  public HttpResponse<String> submit(String body) throws Exception {
    return send(
        request("/v1/runs")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  public static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  public Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.address().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** Sends bytes as they are on a connection of its own, and returns the whole answer. */
  public String raw(String text) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    api.close();
    feed.ifPresent(LiveFeed::close);
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
