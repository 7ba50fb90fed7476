package io.espalier.bench.gateway;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.Mutation;
import io.espalier.federation.client.AttendCall;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.trainer.file.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Sends a gateway what no client should: sessions of a real client are recorded, mutated and
 * played, each over a connection of its own; in between and in the end a good client must still be
 * answered. Attack n of a seed is always the same, given the same recordings. For gateways without
 * TLS. Not thread-safe.
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

  /** Records sessions of a bad client and of the good one that must be answered. */
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

  /** Returns the number of attacks; throws if a good client is not answered any more. */
  public long run(long seed, Duration duration) throws IOException, InterruptedException {
    long endNs = System.nanoTime() + duration.toNanos();
    long attacks = 0;
    while (System.nanoTime() < endNs) {
      answered += attack(seed, attacks) ? 1 : 0;
      attacks++;
      if (attacks % ATTACKS_BETWEEN_CHECKS == 0) {
        check();
      }
    }
    check();
    return attacks;
  }

  /** Attacks of {@link #run} so far to which the server said anything. */
  public long answered() {
    return answered;
  }

  @Override
  public void close() {
    threads.close();
  }

  /** Plays one attack; whether the server said anything. */
  public boolean attack(long seed, long number) {
    byte[] bytes = Mutation.of(seed, number).next(valid);
    boolean said = false;
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
        said = true;
      }
      return said;
    } catch (IOException e) {
      // A server may end such a connection in any way that it likes.
      return said;
    }
  }

  /** Throws if a good client is not answered. */
  public void check() throws IOException, InterruptedException {
    try (Link link = Link.of(LinkSettings.loopback(server, goodClient), threads)) {
      ServerResponse answer = new ServerResponse();
      AttendCall call = link.attend(answer);
      call.send(ServerResponse.hello());
      answer.first();
      call.close();
      answer.end();
    }
  }

  /** Waits for a server's first message to a client, and for the end. */
  static final class ServerResponse implements AttendCall.Listener {
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

  /** Records a real client's bytes, through a socket that keeps a copy. */
  static final class Recording {
    private static final int BYTES = 100_000;
    private static final String DIGEST = "0".repeat(64);

    private final InetSocketAddress server;
    private final String client;
    private final LinkThreads threads;

    private interface Conversation {
      void hold(Link link) throws IOException, InterruptedException;
    }

    Recording(InetSocketAddress server, String client, LinkThreads threads) {
      this.server = server;
      this.client = client;
      this.threads = threads;
    }

    byte[] attendance() throws IOException, InterruptedException {
      return record(
          link -> {
            WireFuzz.ServerResponse answer = new WireFuzz.ServerResponse();
            AttendCall call = link.attend(answer);
            call.send(WireFuzz.ServerResponse.hello());
            answer.first();
            call.send(FromClient.newBuilder().setReady(Ready.newBuilder().setExamples(9)).build());
            call.send(
                FromClient.newBuilder().setProgress(Progress.newBuilder().setRound("1")).build());
            call.close();
            answer.end();
          });
    }

    byte[] upload() throws IOException, InterruptedException {
      Path result = Files.createTempFile("wire-", ".update");
      try {
        byte[] content = new byte[BYTES];
        Arrays.fill(content, (byte) 7);
        Files.write(result, content);
        UploadHeader header =
            UploadHeader.newBuilder()
                .setRound("1")
                .setDigest(Sha256.ofFile(result))
                .setBytes(BYTES)
                .build();
        return record(link -> settle(link.upload(header, result).toCompletableFuture()));
      } finally {
        Files.delete(result);
      }
    }

    byte[] download() throws IOException, InterruptedException {
      try (BenchDirectory scratch =
          BenchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")))) {
        Path target = scratch.root().resolve("payload");
        return record(link -> settle(link.download(DIGEST, 1, target).toCompletableFuture()));
      }
    }

    private byte[] record(Conversation conversation) throws IOException, InterruptedException {
      try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        CompletableFuture<Void> relay = CompletableFuture.runAsync(() -> relay(listening, copy));
        InetSocketAddress here = (InetSocketAddress) listening.getLocalSocketAddress();
        try (Link link = Link.of(LinkSettings.loopback(here, client), threads)) {
          conversation.hold(link);
        }
        relay.join();
        return copy.toByteArray();
      }
    }

    private void relay(ServerSocket listening, OutputStream copy) {
      try (Socket from = listening.accept();
          Socket to = new Socket(server.getAddress(), server.getPort())) {
        CompletableFuture<Void> back =
            CompletableFuture.runAsync(() -> pump(to, from, copy, false));
        pump(from, to, copy, true);
        to.shutdownOutput();
        back.join();
      } catch (IOException e) {
        throw new CompletionException(e);
      }
    }

    private static void pump(Socket from, Socket to, OutputStream copy, boolean kept) {
      try {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (kept) {
            copy.write(buffer, 0, read);
          }
          to.getOutputStream().write(buffer, 0, read);
        }
      } catch (IOException e) {
        // One end has closed; the copy up to here is complete.
        return;
      }
    }

    private static void settle(CompletableFuture<?> call) {
      call.handle((done, failure) -> true).join();
    }
  }
}
