package io.espalier.federation.client;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.espalier.federation.protocol.FromServer;
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

/** What a device with a certificate makes of a server that is not its own. */
final class WrongServerTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
  private static final InstantSource CLOCK = InstantSource.system();

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
