package io.espalier.service.node;

import static io.espalier.service.node.TestService.await;
import static io.espalier.service.node.TestService.get;
import static io.espalier.service.node.TestService.submission;
import static io.espalier.service.node.TestService.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import io.espalier.service.Submission;
import io.espalier.service.notice.NoticeFile;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.notice.WebhookReceiver;
import io.espalier.service.notice.WebhookReceiver.Received;
import io.micrometer.core.instrument.Measurement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real service, and a real server that takes its webhooks. */
final class NoticesOfServiceTest {
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final int PATIENCE_S = 120;

  @TempDir Path directory;
  private WebhookReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = WebhookReceiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void finishedAndFailedRuns_areReceivedOnceEach_withAValidSignature() throws Exception {
    String good;
    String bad;
    try (ServiceNode node = node("[finished, failed, cancelled, alert]")) {
      // When
      good = submit(node.service(), "good", 3);
      bad = submit(node.service(), "broken", 3);
      await(node.service(), good, RunState.FINISHED);
      await(node.service(), bad, RunState.FAILED);
      Map<String, Received> received = received(2);

      // Then
      Received finished = Objects.requireNonNull(received.get(good + "/1/finished"));
      Received failed = Objects.requireNonNull(received.get(bad + "/1/failed"));
      assertThat(finished.isSignedWith(SECRET)).isTrue();
      assertThat(failed.isSignedWith(SECRET)).isTrue();
      assertThat(finished.json().at("/run/accuracy").asDouble()).isEqualTo(0.9);
      assertThat(finished.json().at("/run/sparsity").asDouble()).isEqualTo(0.8);
      assertThat(failed.json().at("/run/cause").asText()).isEqualTo("it is broken");
      assertThat(failed.json().at("/links/page").asText())
          .isEqualTo("https://e.example.org/dashboard/#/run/" + bad);
      awaitMetric(node, "delivered", 2);
      awaitMetric(node, "owed", 0);
    }

    // A second start owes nothing.
    try (ServiceNode node = node("[finished, failed]")) {
      String third = submit(node.service(), "third", 3);
      assertThat(received(1)).containsOnlyKeys(third + "/1/finished");
      assertThat(receiver.requests()).isEqualTo(3);
    }
  }

  @Test
  void receiver_thatFailsTwice_getsTheNoticeAtTheThirdAttempt_underTheSameId() throws Exception {
    // Given
    receiver.failWith(List.of(500, 500));
    try (ServiceNode node = node("[finished]")) {
      // When
      String run = submit(node.service(), "good", 3);
      List<Received> attempts = List.of(receiver.next(), receiver.next(), receiver.next());

      // Then
      assertThat(attempts)
          .allSatisfy(
              each -> {
                assertThat(each.headers()).containsEntry("idempotency-key", run + "/1/finished");
                assertThat(each.isSignedWith(SECRET)).isTrue();
              });
      awaitMetric(node, "delivered", 1);
      awaitMetric(node, "failed", 2);
      awaitMetric(node, "owed", 0);
    }
    assertThat(receiver.requests()).isEqualTo(3);
  }

  @Test
  void alert_ofARunThatFailsAtOnce_isReceivedToo_withoutPlacesOfTheHost() throws Exception {
    // Given
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.writeString(data.resolve("table.csv"), "x,y\n1,a\n");
    Submission submission =
        new Submission(
            "name = \"broken alerting\"\ndata { kind = csv, path = table.csv, label = y, test = 50% }\nmodel = mlp\ntrain { epochs = 9, trainers = 1 }",
            "x.conf", List.of(), 0, OptionalInt.empty(), Optional.empty());
    try (ServiceNode node = node("[failed, alert]")) {
      // When
      String run = get(node.service().submit(submission)).status().run();
      Map<String, Received> received = received(2);

      // Then
      Received failed = Objects.requireNonNull(received.remove(run + "/1/failed"));
      Received alert = received.values().iterator().next();
      assertThat(alert.headers().get("idempotency-key")).startsWith(run + "/1/alert/");
      assertThat(alert.json().path("event").asText()).isEqualTo("alert");
      assertThat(alert.json().at("/alert/kind").asText()).isEqualTo("dead-units");
      assertThat(alert.json().at("/alert/step").asInt()).isEqualTo(2);
      assertThat(failed.body() + alert.body())
          .contains("file=table.csv")
          .doesNotContain(data.toString());
    }
    assertThat(receiver.requests()).isEqualTo(2);
  }

  @Test
  void events_thatADestinationDoesNotAskFor_areNotSent() throws Exception {
    try (ServiceNode node = node("[cancelled]")) {
      String good = submit(node.service(), "good", 3);
      await(node.service(), good, RunState.FINISHED);
      String held = submit(node.service(), "held", 9);
      await(node.service(), held, RunState.RUNNING);

      get(node.service().cancel(held));

      assertThat(received(1)).containsOnlyKeys(held + "/1/cancelled");
    }
    assertThat(receiver.requests()).isEqualTo(1);
  }

  @Test
  void noticesThatAreOwed_areDeliveredByTheNextStart() throws Exception {
    // Given
    receiver.answer(503);
    String run;
    try (ServiceNode node = node("[finished]")) {
      run = submit(node.service(), "good", 3);
      receiver.next();
      awaitMetric(node, "owed", 1);
    }
    receiver.forget();

    // When
    receiver.answer(200);
    try (ServiceNode node = node("[finished]")) {
      Received delivered = receiver.next();

      // Then
      assertThat(delivered.headers()).containsEntry("idempotency-key", run + "/1/finished");
      assertThat(delivered.json().at("/run/state").asText()).isEqualTo("finished");
      awaitMetric(node, "delivered", 1);
      awaitMetric(node, "owed", 0);
    }
  }

  /** A service whose run is finished and whose receiver refuses, until it is killed. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      ServiceNode node =
          ServiceNode.start(
              TestService.settings(directory)
                  .withNotices(NoticeFile.read(directory.resolve("notify.conf"))),
              system -> new FakeLauncher(1));
      get(node.service().submit(submission("good", 3)));
      Thread.sleep(TimeUnit.MINUTES.toMillis(2));
    }
  }

  @Test
  @Tag("slow")
  void service_killedBeforeTheDelivery_deliversAfterItsRestart() throws Exception {
    // Given
    receiver.answer(503);
    settings(receiver.url(), "[finished]");
    Path log = directory.resolve("child.log");
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    receiver.next();
    Received refused = receiver.next();
    service.destroyForcibly().onExit().join();
    receiver.close();

    // When
    try (WebhookReceiver mended = WebhookReceiver.start(receiver.url().getPort());
        ServiceNode node = node("[finished]")) {
      Received delivered = mended.next();

      // Then
      assertThat(delivered.headers().get("idempotency-key"))
          .isEqualTo(refused.headers().get("idempotency-key"));
      assertThat(delivered.isSignedWith(SECRET)).isTrue();
      assertThat(delivered.json()).isEqualTo(refused.json());
      awaitMetric(node, "delivered", 1);
    }
    assertThat(Files.readString(log)).contains("destination=ops").doesNotContain(SECRET, "/hook");
  }

  private ServiceNode node(String events) throws IOException {
    return ServiceNode.start(
        TestService.settings(directory).withNotices(settings(receiver.url(), events)),
        system -> new FakeLauncher(1));
  }

  private NoticeSettings settings(URI url, String events) throws IOException {
    Files.writeString(directory.resolve("ops.secret"), SECRET);
    return NoticeFile.read(
        Files.writeString(
            directory.resolve("notify.conf"),
            """
            public-url = "https://e.example.org/"
            destinations.ops { kind = webhook, url = "%s", secret-file = ops.secret, events = %s }
            retry { first = 50ms, longest = 200ms }
            """
                .formatted(url, events)));
  }

  /** The next requests, by their ids. */
  private Map<String, Received> received(int count) throws InterruptedException {
    Map<String, Received> received = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Received next = receiver.next();
      received.put(next.headers().get("idempotency-key"), next);
    }
    assertThat(received).hasSize(count);
    return received;
  }

  private static void awaitMetric(ServiceNode node, String what, double value)
      throws InterruptedException {
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    String name = "espalier.notices." + what;
    while (metric(node, name) != value) {
      if (System.nanoTime() > untilNs) {
        throw new AssertionError(name + "=" + metric(node, name));
      }
      Thread.sleep(10);
    }
  }

  private static double metric(ServiceNode node, String name) {
    return node.meters().get(name).tag("destination", "ops").meters().stream()
        .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
        .mapToDouble(Measurement::getValue)
        .sum();
  }
}
