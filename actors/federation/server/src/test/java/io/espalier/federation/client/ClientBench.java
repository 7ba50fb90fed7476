package io.espalier.federation.client;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.LocalData;
import io.espalier.trainer.federated.LocalPart;
import io.espalier.trainer.federated.LocalSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client in a test's actor system, and all that happens to it. */
final class ClientBench implements AutoCloseable {
  /** Waits that are as long as they may be. */
  static final ClientSettings.Times QUICK =
      new ClientSettings.Times(
          Duration.ofMillis(1), Duration.ofMillis(20), Optional.empty(), Duration.ZERO);

  final BlockingQueue<ClientEvent> events = new LinkedBlockingQueue<>();
  final CompletableFuture<EdgeClient.Outcome> end = new CompletableFuture<>();
  final ClientStateDirectory state;
  final ActorRef<ClientCommand> client;
  private final ActorTestKit kit;
  private final ServerAccess access;

  ClientBench(ActorTestKit kit, ServerAccess access, Path directory, ClientSettings.Times times)
      throws IOException {
    this.kit = kit;
    this.access = access;
    state = ClientStateDirectory.open(directory);
    LocalData data =
        new LocalData(
            LocalSource.of("digits", Optional.empty(), Optional.empty()),
            LocalPart.of(
                Optional.of("1/2"),
                OptionalDouble.empty(),
                OptionalInt.of(200),
                OptionalLong.empty()),
            DataHome.of(directory));
    client =
        kit.spawn(
            FederatedClient.create(
                new ClientSettings(
                    access,
                    state,
                    data,
                    1,
                    OptionalLong.empty(),
                    "test",
                    times,
                    () -> -1L,
                    events::add),
                end));
  }

  static ClientBench of(ActorTestKit kit, FakeServer server, Path directory) throws IOException {
    return new ClientBench(kit, plain(server.address()), directory, QUICK);
  }

  static ServerAccess plain(InetSocketAddress server) {
    return ServerAccess.plain(LinkSettings.loopback(server, "alder"));
  }

  /** The next event of a kind; others before it are skipped. */
  <T extends ClientEvent> T await(Class<T> kind) throws InterruptedException {
    ClientEvent event = FakeServer.take(events);
    while (!kind.isInstance(event)) {
      event = FakeServer.take(events);
    }
    return kind.cast(event);
  }

  EdgeClient.Outcome awaitEnd() throws Exception {
    return end.get(120, TimeUnit.SECONDS);
  }

  /** Ends the client as the end of its process would, but for its threads. */
  @Override
  public void close() {
    client.tell(new ClientCommand.Stop());
    end.join();
    kit.stop(client, Duration.ofMinutes(2));
    access.close();
    state.close();
  }
}
