package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.Espalier;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.protocol.Task;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.outbox.RunHistory;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's process, two of true devices, and one that claims 100,000 examples. */
@Tag("slow")
final class HostileDeviceTest {
  private static final int ROUNDS = 4;
  private static final String RECIPE =
      """
      name = poisoned, seed = 7
      data { kind = digits, batch-size = 20 }
      model { kind = mlp, hidden = [16] }
      train { learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 0 }
      federation { kind = fedavg, rounds = %d, cohort = 3, deadline = 60s, local-epochs = 5%s }
      """;

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
  void mean_withItsBounds_learnsInSpiteOfTheDevice() throws Exception {
    RunHistory history = run("bounded", "");

    assertThat(accuracy("bounded")).isGreaterThan(.5);
    assertThat(history.all(RoundRejected.class)).isEmpty();
  }

  @Test
  void mean_withoutBounds_isTheDevices() throws Exception {
    run("free", ", norm-bound = none, weight-bound = none, loss-bound = none");

    assertThat(accuracy("free")).isLessThan(.3);
  }

  @Test
  void mean_withTheLossBoundAlone_keepsTheModelAndAlerts() throws Exception {
    RunHistory history = run("judged", ", norm-bound = none, weight-bound = none");

    assertThat(history.all(RoundRejected.class)).hasSize(ROUNDS);
    assertThat(history.all(AlertRaised.class))
        .extracting(AlertRaised::kind)
        .containsExactly(AlertRaised.LOSS_JUMP);
  }

  @Test
  void median_ofTwoDevices_waitsForTheThird() throws Exception {
    RunHistory history = run("median", ", aggregation = median, quorum = 34%");

    assertThat(accuracy("median")).isGreaterThan(.5);
    assertThat(history.all(RoundCompleted.class))
        .hasSize(ROUNDS)
        .allSatisfy(round -> assertThat(round.reported()).isEqualTo(3));
  }

  /** A whole run; the false device sends a huge step in every round. */
  private RunHistory run(String name, String keys) throws Exception {
    String text = RECIPE.formatted(ROUNDS, keys);
    Path recipe = Files.writeString(directory.resolve(name + ".conf"), text);
    PreparedFederation federation =
        PreparedFederation.of(
            new RecipeLoader().parse(name, text, List.of()).config(), DataHome.of(directory));
    Path out = directory.resolve(name);
    List<ChildJvm> devices = new ArrayList<>();
    try (CrashingServer server = new CrashingServer(recipe, out, shared, broker.address());
        LinkThreads threads = LinkThreads.start(1)) {
      ChildJvm process = server.start(Optional.empty());
      process.awaitPrinted("listening", 1);
      InetSocketAddress address = server.address();
      for (int number = 1; number <= 2; number++) {
        devices.add(device(number, address.getPort()));
      }
      try (SampleClient hostile =
          new SampleClient(
              federation, Link.of(LinkSettings.loopback(address, "mallory"), threads))) {
        hostile.claim(100_000);
        MaskSet holds =
            MaskSet.dense(federation.values().layout(), federation.values().prunableIds());
        byte[] step = hostile.result(holds, -10, 100_000);
        for (int round = 1; round <= ROUNDS; round++) {
          Task task = hostile.task();
          assertThat(hostile.upload(hostile.header(task, step).build(), step))
              .isEqualTo("accepted");
        }
        assertThat(process.await()).as(process.printed()).isZero();
      }
    } finally {
      devices.forEach(ChildJvm::close);
    }
    return RunHistory.read(out);
  }

  private double accuracy(String name) throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve(name + "/summary.json").toFile())
        .get("accuracy")
        .asDouble();
  }

  private ChildJvm device(int number, int port) throws IOException {
    return ChildJvm.start(
        Espalier.class,
        List.of(
            "edge",
            "--plaintext",
            "--server",
            "127.0.0.1:" + port,
            "--name",
            "device-" + number,
            "--data",
            "digits",
            "--part",
            number + "/2",
            "--examples",
            "1000",
            "--identity",
            directory.resolve("identity").toString()),
        directory.resolve("home"),
        directory.resolve("device-" + number + ".log"));
  }
}
