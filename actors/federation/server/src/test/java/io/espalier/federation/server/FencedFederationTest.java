package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.federation.client.LinkLostException;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.file.Sha256;
import io.espalier.training.RunResult;
import io.espalier.training.run.BrokerLease;
import io.espalier.training.run.RunEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts over one federation, of which the first does not know that it is outlived. */
final class FencedFederationTest {
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 2, cohort = 2, deadline = 600s }";
  private static final int PATIENCE_S = 120;
  private static ActorSystem<Void> system;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    system = ActorSystem.create(Behaviors.empty(), "service");
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  @Test
  void host_overtakenWhileItWaits_endsFenced() throws Exception {
    Path run = directory.resolve("run");
    try (BrokerLease lease = lease();
        SampleHost first = SampleHost.inService(run, FEDERATION, environment(1, lease))) {
      // Given
      SampleClient anna = first.client("anna");
      first.client("berta");
      anna.task();

      // When
      try (SampleHost second = SampleHost.inService(run, FEDERATION, environment(2, lease))) {
        Map<String, String> before = files(run.resolve("rounds"));
        RunResult outlived =
            CompletableFuture.supplyAsync(first::await).get(PATIENCE_S, TimeUnit.SECONDS);

        // Then
        assertThat(outlived).isEqualTo(new RunResult.Fenced(2));
        assertThat(anna.next().getGoodbye().getReason()).isEqualTo("stopping");
        assertThat(second.client("berta").task().getRound()).isNotEmpty();
        assertThat(files(run.resolve("rounds"))).containsAllEntriesOf(before);
      }
    }
  }

  @Test
  void result_sentToAnOvertakenHost_countsOnlyAtItsSuccessor() throws Exception {
    Path run = directory.resolve("run");
    try (BrokerLease lease = lease();
        SampleHost first = SampleHost.inService(run, FEDERATION, environment(1, lease))) {
      // Given
      SampleClient anna = first.client("anna");
      first.client("berta");
      MaskSet holds = first.host.session().course().model().masks().masks();
      byte[] result = anna.result(holds, .01f, SampleClient.EXAMPLES);
      UploadHeader header = anna.header(anna.task(), result).build();

      // When
      try (SampleHost second = SampleHost.inService(run, FEDERATION, environment(2, lease))) {
        Map<String, String> before = files(run.resolve("rounds"));
        assertThatThrownBy(() -> anna.upload(header, result))
            .hasCauseInstanceOf(LinkLostException.class)
            .hasMessageContaining("the server ends; its next attempt goes on");

        // Then
        assertThat(files(run.resolve("rounds"))).isEqualTo(before);
        SampleClient again = second.client("anna");
        assertThat(again.upload(again.header(again.task(), result).build(), result))
            .isEqualTo("accepted");
      }
    }
  }

  @Test
  void rounds_afterALaterRunEpochBegan_areNotWritten() throws IOException {
    // Given
    Path rounds = Files.createDirectories(directory.resolve("rounds"));
    Path epochs = directory.resolve("epochs");
    RunEpoch first = RunEpoch.shared(1, epochs);
    first.begin(RunEpoch.Origin.NOTHING);
    RoundStore outlived = new RoundStore(rounds, first);
    outlived.invite("0001", List.of(new SelectedClient("anna", 1, 1, 50)));
    Path sent = Files.writeString(Files.createDirectories(outlived.incoming()).resolve("a"), "r");
    RunEpoch.shared(2, epochs).begin(RunEpoch.Origin.NOTHING);
    Map<String, String> before = files(directory);

    // When
    List<ThrowingCallable> acts =
        List.of(
            outlived::identity,
            () -> outlived.invite("0001", List.of()),
            () -> outlived.accept("0001", "anna", "0".repeat(64), sent),
            () -> outlived.storePayload("0001", "0".repeat(64), new byte[1]),
            () -> outlived.close("0001", List.of("anna")),
            () ->
                outlived.remember(
                    new RoundStore.ClosedRound("0001", Set.of("anna"), Map.of()),
                    new RoundStore.Counts(1, 0, 0, 0)),
            () -> outlived.keepOnly(Set.of()),
            () -> outlived.drop("0001"));

    // Then
    assertThat(acts).allSatisfy(act -> assertThatThrownBy(act).isInstanceOf(FencedException.class));
    assertThat(files(directory)).isEqualTo(before);
  }

  private static RunEnvironment.InService environment(long term, BrokerLease lease) {
    return new RunEnvironment.InService(system, term, lease);
  }

  private BrokerLease lease() {
    return new BrokerLease(directory.resolve("home"), Optional.of(BrokerAccess.of("127.0.0.1:1")));
  }

  /** Digests of all files that a round leaves, by name. */
  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString();
        if (!name.startsWith("incoming")) {
          files.put(name, Sha256.ofBytes(Files.readAllBytes(file)));
        }
      }
    }
    return files;
  }
}
