package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.Espalier;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.federation.server.CrashingServer.Death;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.training.RunResult;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of {@code espalier edge} are killed, and some are started again. */
@Tag("slow")
final class KilledDevicesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void devices_killedInMidRound_areNotWaitedForAndMayComeBack() throws Exception {
    // Given
    String federation =
        "federation { kind = fedavg, rounds = 12, cohort = 4, quorum = 50%, deadline = 1s,"
            + " local-epochs = 200 }";
    List<ChildJvm> devices = new ArrayList<>();
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), federation)) {
      InetSocketAddress server = sample.host.address();
      for (int i = 1; i <= 4; i++) {
        devices.add(device(i, 4, server.getPort()));
      }
      String round = await(sample, RoundStarted.class, started -> started.invited() == 4).round();

      // When
      for (ChildJvm killed : devices.subList(0, 2)) {
        killed.awaitPrinted("round %s: chosen, training".formatted(round), 1);
        killed.kill();
      }

      // Then
      RoundCompleted completed =
          await(sample, RoundCompleted.class, each -> each.round().equals(round));
      devices.add(device(1, 4, server.getPort()));
      assertThat(completed.invited()).isEqualTo(4);
      assertThat(completed.reported()).isEqualTo(2);
      assertThat(completed.late() + completed.lost()).isEqualTo(2);
      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(reports(sample)).doesNotHaveDuplicates();
      assertThat(laterReports(sample, "device-1", round)).isNotEmpty();
      assertThat(laterReports(sample, "device-2", round)).isEmpty();
      assertThat(
              all(sample, RoundCompleted.class).stream().mapToInt(RoundCompleted::reported).sum())
          .isEqualTo(reports(sample).size());
    } finally {
      devices.forEach(ChildJvm::close);
    }
  }

  @Test
  void device_killedBeforeItsReceipt_getsItWithoutTrainingAgain() throws Exception {
    try (CrashingServer server = server(1)) {
      // Given
      ChildJvm dying = server.start(Optional.of(new Death(CrashPoint.RESULT_ACCEPTED, 1)));
      try (ChildJvm device = device(1, 1, server.address().getPort())) {
        assertThat(dying.await()).as(dying.printed()).isEqualTo(CrashingServer.DIED);
        device.awaitPrinted("round 1: trained", 1);

        // When
        device.kill();
      }

      // Then
      assertGoesOn(server, "accepted before");
    }
  }

  @Test
  void device_killedWithAResultThatNobodyHas_uploadsItWithoutTrainingAgain() throws Exception {
    try (CrashingServer server = server(200)) {
      // Given
      ChildJvm absent = server.start(Optional.empty());
      try (ChildJvm device = device(1, 1, server.address().getPort())) {
        awaitMasks();
        absent.kill();
        device.awaitPrinted("round 1: trained", 1);

        // When
        device.kill();
      }

      // Then
      assertGoesOn(server, "accepted");
    }
  }

  /** Waits until the first device has masks on its disk, as it has once it trains. */
  private void awaitMasks() throws InterruptedException {
    Path masks = directory.resolve("identity/plaintext/device-1/masks");
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(masks) && System.nanoTime() < untilNs) {
      Thread.sleep(10);
    }
    assertThat(masks).exists();
  }

  private CrashingServer server(int localEpochs) throws IOException {
    Path recipe =
        Files.writeString(
            directory.resolve("recipe.conf"),
            SampleHost.RECIPE
                + "federation { kind = fedavg, rounds = 2, cohort = 1, deadline = 60s, local-epochs = %d }"
                    .formatted(localEpochs));
    return new CrashingServer(recipe, directory.resolve("run"), directory, broker.address());
  }

  private void assertGoesOn(CrashingServer server, String answer) throws Exception {
    ChildJvm resumed = server.start(Optional.empty());
    resumed.awaitPrinted("listening", 2);
    try (ChildJvm device = device(1, 1, server.address().getPort())) {
      assertThat(resumed.await()).as(resumed.printed()).isZero();
      assertThat(device.await()).as(device.printed()).isZero();
      assertThat(device.count("round 1: trained")).isEqualTo(1);
      assertThat(device.printed())
          .containsPattern("(?m)^round 1: \\S+ \\S+ " + answer + "$")
          .contains("round 2: trained", "the run is finished");
    }
  }

  private ChildJvm device(int number, int parts, int port) throws IOException {
    String name = "device-" + number;
    return ChildJvm.start(
        Espalier.class,
        List.of(
            "edge",
            "--plaintext",
            "--server",
            "127.0.0.1:" + port,
            "--name",
            name,
            "--data",
            "digits",
            "--part",
            number + "/" + parts,
            "--examples",
            "400",
            "--identity",
            directory.resolve("identity").toString()),
        directory.resolve("home"),
        directory.resolve(name + ".log"));
  }

  private static <E extends Event> List<E> all(SampleHost sample, Class<E> kind) {
    return sample.events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static <E extends Event> E await(SampleHost sample, Class<E> kind, Predicate<E> condition)
      throws InterruptedException {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < untilNs) {
      Optional<E> found = all(sample, kind).stream().filter(condition).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(10);
    }
    throw new AssertionError("it must happen: event=%s, %s".formatted(kind, sample.events()));
  }

  /** Round and client of each result that counts. */
  private static List<String> reports(SampleHost sample) {
    return all(sample, ClientReported.class).stream()
        .map(report -> report.round() + " " + report.client())
        .toList();
  }

  private static String roundOf(String report) {
    return report.substring(0, report.indexOf(' '));
  }

  private static List<String> laterReports(SampleHost sample, String client, String round) {
    return reports(sample).stream()
        .filter(report -> report.endsWith(" " + client))
        .filter(report -> Integer.parseInt(roundOf(report)) > Integer.parseInt(round))
        .toList();
  }
}
