package io.espalier.bench.gateway;

import io.espalier.federation.client.AttendCall;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.client.ServerMessages;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Clients that attend and do nothing else, each over a connection of its own. Not thread-safe. */
final class IdleClients implements AutoCloseable {
  private static final int CONNECTING_AT_ONCE = 100;

  private final LinkThreads threads = LinkThreads.start(2);
  private final List<Link> links = new ArrayList<>();
  private final Semaphore connecting = new Semaphore(CONNECTING_AT_ONCE);
  private volatile Optional<Exception> failure = Optional.empty();

  static IdleClients connect(InetSocketAddress server, int count)
      throws IOException, InterruptedException {
    IdleClients clients = new IdleClients();
    for (int client = 0; client < count; client++) {
      clients.connecting.acquire();
      clients.connectOne(LinkSettings.loopback(server, "client-" + client));
    }
    clients.connecting.acquire(CONNECTING_AT_ONCE);
    if (clients.failure.isPresent()) {
      clients.close();
      throw new IOException(
          "every client must be welcomed: clients=" + count, clients.failure.get());
    }
    return clients;
  }

  int count() {
    return links.size();
  }

  @Override
  public void close() {
    links.forEach(Link::close);
    threads.close();
  }

  private void connectOne(LinkSettings settings) {
    Link link = Link.of(settings, threads);
    links.add(link);
    AttendCall call = link.attend(new Waiting());
    call.send(
        FromClient.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .addProtocolVersions(1)
                    .setSoftware("bench gateway")
                    .setDensityCap(1))
            .build());
  }

  private final class Waiting implements ServerMessages {
    private boolean answered;

    @Override
    public void received(FromServer message) {
      answered = true;
      connecting.release();
    }

    @Override
    public void ended(Optional<Exception> cause) {
      if (!answered) {
        failure = cause.or(() -> Optional.of(new IOException("the stream ended")));
        connecting.release();
      }
    }
  }
}
