package io.espalier.federation.client;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.Welcome;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.LoopbackServer;
import io.espalier.federation.trust.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device with a certificate makes of a server that is not its own. */
final class WrongServerTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
  private static final InstantSource CLOCK = InstantSource.system();

  private static final String RECIPE =
      """
      model { kind = mlp, hidden = [10] }
      prune { sparsity = 50%, schedule = constant }
      federation { kind = fedavg, rounds = 9, cohort = 1, encoding = int8 }
      """;

  @TempDir private Path directory;
  private Identity identity;

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void enrol() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(directory.resolve("ours"), CLOCK)) {
      identity = Identity.enrol(directory.resolve("device"), server.address(), server.token("ann"));
    }
  }

  @Test
  void server_ofAnotherAuthority_endsTheClientWithTheWayOut() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(directory.resolve("theirs"), CLOCK);
        ClientBench bench = bench(server.address())) {
      RuntimeException cause = ((EdgeClient.Outcome.Failed) bench.awaitEnd()).cause();

      assertThat(cause).isInstanceOf(IncompatibleClientException.class);
      assertThat(cause.getMessage())
          .startsWith("the server must belong to the expected authority: expected=")
          .endsWith("; check the address, or take a token from this server")
          .doesNotContain("\n");
      assertThat(bench.events).isEmpty();
    }
  }

  @Test
  void port_thatIsClosed_isNamedInOneLineAndTriedAgain() throws Exception {
    try (ClientBench bench = bench(new ServerAddress("localhost", freePort()))) {
      bench.await(ClientEvent.ConnectionLost.class);

      assertThat(bench.await(ClientEvent.ConnectionLost.class).cause())
          .startsWith("the server must be reached: status=UNAVAILABLE, cause=nothing listens there")
          .contains("refused")
          .doesNotContain("\n");
    }
  }

  @Test
  void server_withoutTls_isNamedInOneLine() throws Exception {
    try (FakeServer server = new FakeServer(FromServer.getDefaultInstance());
        ClientBench bench = bench(new ServerAddress("localhost", server.address().getPort()))) {
      assertThat(bench.await(ClientEvent.ConnectionLost.class).cause())
          .isEqualTo(
              "the server must be reached: status=UNAVAILABLE, cause=what answers does not speak"
                  + " TLS");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, -1, 2})
  void task_ofOtherEpochsThanTheRecipes_fails_andTheNextIsDone(int epochs) throws Exception {
    ServerSide side = new ServerSide(RECIPE);
    try (FakeServer server = new FakeServer(side.welcome());
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      server.await(FromClient::hasReady);
      Task task = side.task(server);

      server.send(task.toBuilder().setLocalEpochs(epochs).build());

      assertThat(bench.await(ClientEvent.WorkFailed.class).cause())
          .contains("local_epochs=" + Integer.toUnsignedLong(epochs), "recipe's=1");
      server.send(task.toBuilder().setRound("2").build());
      bench.await(ClientEvent.Delivered.class);
    }
  }

  @Test
  void recipe_ofEndlessEpochs_endsTheClientWithTheRule() throws Exception {
    ServerSide side = new ServerSide(RECIPE);
    Welcome welcome = side.welcome().getWelcome();
    String endless =
        welcome.getRecipe().replaceFirst("local-epochs ?= ?1\\b", "local-epochs = 2147483647");
    assertThat(endless).isNotEqualTo(welcome.getRecipe());
    FromServer greeting =
        FromServer.newBuilder().setWelcome(welcome.toBuilder().setRecipe(endless)).build();
    try (FakeServer server = new FakeServer(greeting);
        ClientBench bench = ClientBench.of(KIT, server, directory)) {
      assertThat(((EdgeClient.Outcome.Failed) bench.awaitEnd()).cause().getMessage())
          .contains("local-epochs", "from 1 to 1000000", "2147483647");
    }
  }

  private ClientBench bench(ServerAddress server) throws IOException {
    return new ClientBench(
        KIT,
        ServerAccess.certified(server, identity, CLOCK),
        directory.resolve("state"),
        ClientBench.QUICK);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
