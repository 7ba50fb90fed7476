package io.espalier.federation.client;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Refusal;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.RoundWork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FederatedClientTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
  private static final String FEDTINY =
      """
      model { kind = layers, layers = [
        { kind = convolution, outputs = 4, kernel = 3, padding = 1 }, batch-norm, relu
        { kind = max-pool, kernel = 2 }, flatten, { kind = linear, outputs = classes } ] }
      prune { sparsity = 50% }
      federation { kind = fedtiny, rounds = 2, cohort = 1, candidates = 2, blocks = 1
        adjust-every = 2, adjust-until = 4, held-back = 10% }
      """;
  private static final String FEDAVG =
      """
      model { kind = mlp, hidden = [1500] }
      prune { sparsity = 0% }
      federation { kind = fedavg, rounds = 9, cohort = 1 }
      """;
  private static final String ENDLESS =
      """
      model { kind = mlp, hidden = [10] }
      prune { sparsity = 0% }
      federation { kind = fedavg, rounds = 9, cohort = 1, local-epochs = 1000000 }
      """;

  @TempDir private Path directory;

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void client_wholeRun_doesEachKindOfWorkUntilTheServerHasFinished() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDTINY);
    List<RoundWork.Kind> kinds = new ArrayList<>();

    // When
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      Ready ready = server.await(FromClient::hasReady).getReady();
      while (side.course.next().isPresent()) {
        server.send(side.task(server));
        kinds.add(bench.await(ClientEvent.WorkDone.class).kind());
        side.merge(side.read(FakeServer.take(server.results)));
        bench.await(ClientEvent.Delivered.class);
      }
      server.goodbye("finished");

      // Then
      assertThat(bench.awaitEnd()).isInstanceOf(EdgeClient.Outcome.Finished.class);
      assertThat(ready.getExamples()).isEqualTo(90);
      assertThat(ready.getHeldBack()).isEqualTo(10);
      assertThat(ready.hasMaskVersion()).isFalse();
      assertThat(kinds).containsExactly(RoundWork.Kind.values());
      assertThat(server.downloads)
          .as("candidates, masks and values serve the norms and the losses")
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void training_ofAClosedRound_isCancelled() throws Exception {
    // Given
    ServerSide side = new ServerSide(ENDLESS);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      server.send(side.task(server));
      server.await(message -> message.getProgress().getDoneSteps() > 2);

      // When
      server.close("1");

      // Then
      assertThat(bench.await(ClientEvent.RoundOver.class).round()).isEqualTo("1");
      assertThat(server.headers).isEmpty();
    }
  }

  @Test
  void training_whenANewTaskComes_givesWayToIt() throws Exception {
    // Given
    ServerSide side = new ServerSide(ENDLESS);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      server.send(side.task(server));
      server.await(message -> message.getProgress().getDoneSteps() > 2);

      // When
      server.send(side.task(server).toBuilder().setRound("2").build());

      // Then
      assertThat(bench.await(ClientEvent.RoundOver.class).round()).isEqualTo("1");
      server.await(message -> message.getProgress().getRound().equals("2"));
    }
  }

  @Test
  void client_asksToStopWhileItTrains_endsAtOnce() throws Exception {
    // Given
    ServerSide side = new ServerSide(ENDLESS);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      server.send(side.task(server));
      server.await(FromClient::hasProgress);

      // When
      bench.client.tell(new ClientCommand.Stop());

      // Then
      assertThat(bench.awaitEnd()).isInstanceOf(EdgeClient.Outcome.Stopped.class);
    }
  }

  @Test
  void training_outlivesALostConnection() throws Exception {
    // Given
    ServerSide side = new ServerSide(ENDLESS);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      Task task = side.task(server);
      server.send(task);
      server.await(message -> message.getProgress().getDoneSteps() > 2);

      // When
      server.hangUp();
      server.await(FromClient::hasReady);
      server.send(task);

      // Then
      assertThat(server.await(FromClient::hasProgress).getProgress().getDoneSteps())
          .isGreaterThan(2);
      assertThat(bench.events).filteredOn(ClientEvent.Chosen.class::isInstance).hasSize(1);
    }
  }

  @Test
  void upload_afterALostConnection_goesOnWhereItWas() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.answer = FakeServer.Answer.BREAK_AFTER_FIRST_CHUNK;
      server.await(FromClient::hasReady);

      // When
      server.send(side.task(server));
      ClientResult result = side.read(FakeServer.take(server.results));

      // Then
      assertThat(result.examples()).isEqualTo(100);
      assertThat(server.offsets).containsExactly(0L, 65536L);
      bench.await(ClientEvent.WorkDone.class);
      bench.await(ClientEvent.ConnectionLost.class);
      bench.await(ClientEvent.Delivered.class);
      assertThat(bench.events).isEmpty();
    }
  }

  @Test
  void process_thatEndedWithAFinishedResult_deliversItWithoutWork() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome())) {
      server.answer = FakeServer.Answer.SILENCE;
      try (ClientBench killed = ClientBench.of(KIT, server, directory)) {
        server.await(FromClient::hasReady);
        server.send(side.task(server));
        killed.await(ClientEvent.WorkDone.class);
        FakeServer.take(server.headers);
      }
      server.answer = FakeServer.Answer.ACCEPT;

      // When
      try (ClientBench bench = ClientBench.of(KIT, server, directory)) {
        Ready ready = server.await(FromClient::hasReady).getReady();
        UploadHeader header = FakeServer.take(server.headers);

        // Then
        assertThat(ready.hasMaskVersion()).isTrue();
        assertThat(header.getRound()).isEqualTo("1");
        assertThat(side.read(FakeServer.take(server.results)).examples()).isEqualTo(100);
        bench.await(ClientEvent.Joined.class);
        bench.await(ClientEvent.Delivered.class);
        assertThat(bench.state.result()).isEmpty();
      }
    }
  }

  @Test
  void client_underANewName_inheritsNothing() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome())) {
      server.answer = FakeServer.Answer.SILENCE;
      try (ClientBench old = ClientBench.of(KIT, server, directory)) {
        server.await(FromClient::hasReady);
        server.send(side.task(server));
        old.await(ClientEvent.WorkDone.class);
      }

      // When
      ServerAccess access = ServerAccess.plain(LinkSettings.loopback(server.address(), "birch"));
      try (ClientBench bench = new ClientBench(KIT, access, directory, ClientBench.QUICK)) {
        Ready ready = server.await(FromClient::hasReady).getReady();

        // Then
        assertThat(ready.hasMaskVersion()).isFalse();
        assertThat(bench.state.result()).isEmpty();
      }
    }
  }

  @Test
  void result_thatIsRefused_isForgottenAndTheNextTaskDone() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.answer = FakeServer.Answer.REFUSE;
      server.await(FromClient::hasReady);
      Task task = side.task(server);
      server.send(task);

      // When
      ClientEvent.Refused refused = bench.await(ClientEvent.Refused.class);
      server.answer = FakeServer.Answer.ACCEPT;
      server.send(task.toBuilder().setRound("2").build());

      // Then
      assertThat(refused).isEqualTo(new ClientEvent.Refused("1", "stale-round: round=1, now=2"));
      assertThat(bench.await(ClientEvent.Delivered.class).round()).isEqualTo("2");
    }
  }

  @Test
  void task_withADeltaOfMasksThatAreNotHeld_isAskedForAnew() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      Task whole = side.task(server);
      Task.Builder delta = whole.toBuilder().clearPayloads().setMaskVersion(1);
      ServerSide.add(
          delta,
          server,
          Payload.Role.MASK_DELTA,
          MaskCodec.encodeDelta(
              side.course.model().masks().masks(),
              side.course
                  .model()
                  .masks()
                  .masks()
                  .next(side.course.model().masks().masks().masks())));

      // When
      server.send(delta.build());

      // Then
      assertThat(server.await(FromClient::hasReady).getReady().hasMaskVersion()).isFalse();
      server.send(whole);
      assertThat(bench.await(ClientEvent.Delivered.class).round()).isEqualTo("1");
    }
  }

  @Test
  void task_ofAnUnknownKind_isLeftAlone() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);

      // When
      server.send(side.task(server).toBuilder().setKindValue(77).build());

      // Then
      assertThat(bench.await(ClientEvent.WorkFailed.class).cause())
          .isEqualTo("a task must be of a known kind: kind=77");
      assertThat(server.await(FromClient::hasFailed).getFailed().getRound()).isEqualTo("1");
    }
  }

  @Test
  void result_tooLarge_isToldToTheServerAndTheNextTaskDone() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      Task task = side.task(server);

      // When
      server.send(task.toBuilder().setLargestUpload(1).build());
      WorkFailed failed = server.await(FromClient::hasFailed).getFailed();
      server.send(task.toBuilder().setRound("2").build());

      // Then
      assertThat(failed.getRound()).isEqualTo("1");
      assertThat(failed.getCause())
          .startsWith("a result must not be larger than the server takes: bytes=")
          .endsWith("largest=1");
      assertThat(bench.await(ClientEvent.Delivered.class).round()).isEqualTo("2");
    }
  }

  @Test
  void payload_largerThanPromised_isToldToTheServer() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      Task task = side.task(server);
      server.payloads.replaceAll((digest, bytes) -> new byte[bytes.length + 1]);

      // When
      server.send(task);

      // Then
      assertThat(bench.await(ClientEvent.Refused.class).round()).isEqualTo("1");
      assertThat(server.await(FromClient::hasFailed).getFailed().getCause())
          .startsWith("oversize: a payload must not be larger than announced: bytes=");
    }
  }

  @Test
  void hello_thatIsRefused_endsTheClientWithTheWayOut() throws Exception {
    assertThat(failure(refusal("unsupported-protocol", false)))
        .hasMessage(
            "the server must take this device in: unsupported-protocol: it must be;"
                + " install the server's version of espalier");
    assertThat(failure(refusal("expired-certificate", false)))
        .hasMessageContaining("'espalier enrol --replace'");
  }

  @Test
  void welcome_toAnotherNetwork_endsTheClient() throws Exception {
    FromServer.Builder welcome = new ServerSide(FEDAVG).welcome().toBuilder();
    welcome.getWelcomeBuilder().setLayoutDigest("other");

    assertThat(failure(welcome.build()))
        .hasMessageContaining("the network must be the same as the server's")
        .hasMessageContaining("server's=other; install the server's version of espalier");
  }

  @Test
  void welcome_withoutAShape_endsTheClient() throws Exception {
    FromServer.Builder welcome = new ServerSide(FEDAVG).welcome().toBuilder();
    welcome.getWelcomeBuilder().clearInput();

    assertThat(failure(welcome.build()))
        .hasMessageContaining("the server must say what examples are like");
  }

  @Test
  void server_thatRefusesForNow_isAskedAgain() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(refusal("too-many", true));
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      bench.await(ClientEvent.ConnectionLost.class);

      // When
      server.greeting = side.welcome();

      // Then
      assertThat(bench.await(ClientEvent.Joined.class).examples()).isEqualTo(100);
    }
  }

  @Test
  void server_thatStops_isVisitedAgain() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);

      // When
      server.goodbye("stopping");

      // Then
      assertThat(bench.await(ClientEvent.ConnectionLost.class).cause())
          .isEqualTo("the server is stopping");
      assertThat(server.await(FromClient::hasReady).getReady().getExamples()).isEqualTo(100);
    }
  }

  @Test
  void client_thatAnotherReplaces_endsInsteadOfFighting() throws Exception {
    // Given
    ServerSide side = new ServerSide(FEDAVG);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);

      // When
      server.goodbye("replaced");

      // Then
      assertThat(((EdgeClient.Outcome.Failed) bench.awaitEnd()).cause())
          .isInstanceOf(IncompatibleClientException.class)
          .hasMessage(
              "a device must have an identity of its own: another one has joined as alder; end one"
                  + " of them, or have it certified under another name with 'espalier enrol --replace'");
    }
  }

  private RuntimeException failure(FromServer greeting) throws Exception {
    try (FakeServer server = new FakeServer(greeting);
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      RuntimeException cause = ((EdgeClient.Outcome.Failed) bench.awaitEnd()).cause();
      assertThat(cause).isInstanceOf(IncompatibleClientException.class);
      return cause;
    }
  }

  private static FromServer refusal(String reason, boolean retry) {
    return FromServer.newBuilder()
        .setRefusal(Refusal.newBuilder().setReason(reason).setDetail("it must be").setRetry(retry))
        .build();
  }
}
