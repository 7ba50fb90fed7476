package io.espalier.bench.gateway;

import io.espalier.federation.client.ServerMessages;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what a server says first to a client, and for the end. */
final class ServerResponse implements ServerMessages {
  private final CompletableFuture<FromServer> first = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  static FromClient hello() {
    return FromClient.newBuilder()
        .setHello(
            Hello.newBuilder().addProtocolVersions(1).setSoftware("bench wire").setDensityCap(1))
        .build();
  }

  @Override
  public void received(FromServer message) {
    first.complete(message);
  }

  @Override
  public void ended(Optional<Exception> failure) {
    first.completeExceptionally(failure.orElseGet(() -> new IOException("no message came")));
    end.complete(null);
  }

  /** The first message; the link's own limit ends the wait. */
  FromServer first() throws IOException, InterruptedException {
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw new IOException("a good client must be answered", e.getCause());
    }
  }

  void end() {
    end.join();
  }
}
