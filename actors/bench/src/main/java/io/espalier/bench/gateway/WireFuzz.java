package io.espalier.bench.gateway;

import io.espalier.federation.client.ServerMessages;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.espalier.federation.client.AttendCall;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Sends a gateway what no client should: sessions of a real client are recorded, mutated and
 * played, each over a connection of its own; in between and in the end a good client must still be
 * answered. Attack n of a seed is always the same, given the same recordings.
 *
 * <p>For gateways without TLS. Not thread-safe.
 */
public final class WireFuzz implements AutoCloseable {
  private static final int ATTACKS_BETWEEN_CHECKS = 200;
  private static final Duration WAIT_FOR_ANSWER = Duration.ofMillis(10);

  private final InetSocketAddress server;
  private final String goodClient;
  private final LinkThreads threads;
  private final List<byte[]> valid;
  private long answered;

  private WireFuzz(
      InetSocketAddress server, String goodClient, LinkThreads threads, List<byte[]> valid) {
    this.server = server;
    this.goodClient = goodClient;
    this.threads = threads;
    this.valid = valid;
  }

  /**
   * Records sessions with a server.
   *
   * @param badClient name in what is recorded
   * @param goodClient name of the client that must be answered
   */
  public static WireFuzz record(InetSocketAddress server, String badClient, String goodClient)
      throws IOException, InterruptedException {
    LinkThreads threads = LinkThreads.start(1);
    Recording recording = new Recording(server, badClient, threads);
    return new WireFuzz(
        server,
        goodClient,
        threads,
        List.of(recording.attendance(), recording.upload(), recording.download()));
  }

  /**
   * Attacks for a while.
   *
   * @return how many attacks there were
   * @throws IOException if a good client is not answered any more
   */
  public long run(long seed, Duration duration) throws IOException, InterruptedException {
    long endNs = System.nanoTime() + duration.toNanos();
    long attacks = 0;
    while (System.nanoTime() < endNs) {
      attack(new Mutation(new Random(mixed(seed, attacks))).next(valid));
      attacks++;
      if (attacks % ATTACKS_BETWEEN_CHECKS == 0) {
        check();
      }
    }
    check();
    return attacks;
  }

  /** Attacks so far to which the server said anything. */
  public long answered() {
    return answered;
  }

  @Override
  public void close() {
    threads.close();
  }

  /** A seed for each pair: attacks of neighbouring seeds have nothing in common. */
  private static long mixed(long seed, long attack) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + attack).nextLong();
  }

  private void attack(byte[] bytes) {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) WAIT_FOR_ANSWER.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      byte[] answer = new byte[1 << 14];
      for (int read = socket.getInputStream().read(answer);
          read >= 0;
          read = socket.getInputStream().read(answer)) {
        answered += read > 0 ? 1 : 0;
      }
    } catch (IOException e) {
      // A server may end such a connection in any way that it likes.
      return;
    }
  }

  private void check() throws IOException, InterruptedException {
    try (Link link = Link.of(LinkSettings.loopback(server, goodClient), threads)) {
      ServerResponse answer = new ServerResponse();
      AttendCall call = link.attend(answer);
      call.send(ServerResponse.hello());
      answer.first();
      call.close();
      answer.end();
    }
  }

  /** Waits for what a server says first to a client, and for the end. */
  static final class ServerResponse implements ServerMessages {
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
}
