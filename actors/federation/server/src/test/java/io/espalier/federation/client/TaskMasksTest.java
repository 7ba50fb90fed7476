package io.espalier.federation.client;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Task;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client's masks against those that a task names. */
final class TaskMasksTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
  private static final String RECIPE =
      """
      model { kind = mlp, hidden = [10] }
      prune { sparsity = 50%, schedule = constant }
      federation { kind = fedavg, rounds = 9, cohort = 1, encoding = int8 }
      """;

  @TempDir private Path directory;

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void masks_thatAreReplacedWhileTheClientIsConnected_areForgotten() throws Exception {
    ServerSide side = new ServerSide(RECIPE);
    MaskSet masks = side.course.model().masks().masks();
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      // Given a client that has the masks of the task, and then others
      server.await(FromClient::hasReady);
      Task whole = side.task(server).toBuilder().setMaskDigest(masks.digest()).build();
      server.send(whole);
      bench.await(ClientEvent.Delivered.class);
      bench.state.keep(inverted(masks));

      // When a task counts on them
      server.send(withoutMasks(whole));

      // Then it asks for all of them
      assertThat(bench.await(ClientEvent.ConnectionLost.class).cause())
          .contains("digest=" + inverted(masks).digest(), "task's=" + masks.digest());
      assertThat(server.await(FromClient::hasReady).getReady().hasMaskVersion()).isFalse();
      server.send(whole.toBuilder().setRound("2").build());
      bench.await(ClientEvent.Delivered.class);
      assertThat(bench.state.masks(masks.layout(), masks.parameters())).contains(masks);
    }
  }

  @Test
  void client_saysTheDigestOfItsMasks_toServersOfBeforeItToo() throws Exception {
    ServerSide side = new ServerSide(RECIPE);
    MaskSet masks = side.course.model().masks().masks();
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      server.send(side.task(server));
      bench.await(ClientEvent.Delivered.class);

      server.hangUp();

      Ready ready = server.await(FromClient::hasReady).getReady();
      assertThat(ready.getMaskVersion()).isEqualTo(masks.version().number());
      assertThat(ready.getMaskDigest()).isEqualTo(masks.digest());
    }
  }

  /** Masks in full that are not the task's come from a server that errs: no other attempt helps. */
  @Test
  void masks_inFull_thatAreNotTheTasks_failTheWork() throws Exception {
    ServerSide side = new ServerSide(RECIPE);
    MaskSet masks = side.course.model().masks().masks();
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);

      server.send(side.task(server).toBuilder().setMaskDigest(inverted(masks).digest()).build());

      assertThat(bench.await(ClientEvent.WorkFailed.class).cause())
          .contains("masks must be those of the task", "install the server's version");
    }
  }

  private static Task withoutMasks(Task task) {
    List<Payload> values =
        task.getPayloadsList().stream()
            .filter(each -> each.getRole() == Payload.Role.LIVING_VALUES)
            .toList();
    return task.toBuilder().setRound("2").clearPayloads().addAllPayloads(values).build();
  }

  /** Sound masks of the same version that keep the other units. */
  private static MaskSet inverted(MaskSet masks) {
    List<Mask> others =
        masks.masks().stream().map(mask -> Mask.allKept(mask.size()).andNot(mask)).toList();
    return MaskSet.of(masks.version(), masks.layout(), masks.parameters(), others);
  }
}
