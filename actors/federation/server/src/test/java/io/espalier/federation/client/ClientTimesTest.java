package io.espalier.federation.client;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import com.typesafe.config.ConfigFactory;
import io.espalier.federation.protocol.FromClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client does when, by a clock that the test moves. */
final class ClientTimesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final String RECIPE =
      """
      model { kind = mlp, hidden = [10] }
      prune { sparsity = 0% }
      federation { kind = fedavg, rounds = 9, cohort = 1 }
      """;

  @TempDir private Path directory;

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void attempts_withoutAServer_waitTwiceAsLongEachTimeUpToALimit() throws Exception {
    // Given
    ClientSettings.Times times =
        new ClientSettings.Times(
            Duration.ofSeconds(1), Duration.ofSeconds(6), Optional.empty(), Duration.ZERO);
    List<Long> waits = new ArrayList<>();

    // When
    try (ClientBench bench = new ClientBench(KIT, ClientBench.plain(nobody()), directory, times)) {
      for (int attempt = 0; attempt < 5; attempt++) {
        Duration delay = bench.await(ClientEvent.ConnectionLost.class).delay();
        waits.add(Math.round(delay.toNanos() / 1e9));
        assertThat(bench.events).isEmpty();
        TIME.timePasses(Duration.ofSeconds(waits.get(attempt)));
      }
    }

    // Then
    assertThat(waits).containsExactly(1L, 2L, 4L, 6L, 6L);
  }

  @Test
  void client_withoutAServerForTooLong_givesUp() throws Exception {
    // Given
    ClientSettings.Times times =
        ClientSettings.Times.DEFAULT.givingUpAfter(Optional.of(Duration.ofMinutes(10)));

    // When
    try (ClientBench bench = new ClientBench(KIT, ClientBench.plain(nobody()), directory, times)) {
      bench.await(ClientEvent.ConnectionLost.class);
      TIME.timePasses(Duration.ofMinutes(10));

      // Then
      assertThat(((EdgeClient.Outcome.Failed) bench.awaitEnd()).cause())
          .hasMessage(
              "the server must be there in time: give-up-after=10m; check its address, and that"
                  + " it runs");
    }
  }

  @Test
  void certificate_thatExpiresSoon_isRenewedAndUsed() throws Exception {
    // Given
    ServerSide side = new ServerSide(RECIPE);
    try (FakeServer server = new FakeServer(side.welcome())) {
      Renewable access = new Renewable(ClientBench.plain(server.address()));
      try (ClientBench bench =
          new ClientBench(KIT, access, directory, ClientSettings.Times.DEFAULT)) {
        server.await(FromClient::hasReady);
        assertThat(access.renewals.get()).isZero();

        // When
        access.left = Duration.ZERO;
        TIME.timePasses(Duration.ofHours(1));

        // Then
        bench.await(ClientEvent.Renewed.class);
        server.await(FromClient::hasReady);
        assertThat(access.renewals.get()).isOne();
        assertThat(access.opened.get()).isEqualTo(2);
      }
    }
  }

  private static InetSocketAddress nobody() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  /** Access whose certificate is looked at every hour. */
  private static final class Renewable implements ServerAccess {
    private final ServerAccess plain;
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile Duration left = Duration.ofHours(1);

    private Renewable(ServerAccess plain) {
      this.plain = plain;
    }

    @Override
    public String client() {
      return plain.client();
    }

    @Override
    public Link open() {
      opened.incrementAndGet();
      return plain.open();
    }

    @Override
    public Optional<Duration> untilRenewal() {
      return Optional.of(left);
    }

    @Override
    public void renew() {
      renewals.incrementAndGet();
      left = Duration.ofHours(1);
    }

    @Override
    public void close() {
      plain.close();
    }
  }
}
