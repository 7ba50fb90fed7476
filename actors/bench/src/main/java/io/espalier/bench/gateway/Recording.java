package io.espalier.bench.gateway;

import io.espalier.federation.client.AttendCall;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.trainer.data.source.Sha256;
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
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Records what a real client sends: it talks to a server through a socket that keeps a copy. */
final class Recording {
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
    Path target = Files.createTempDirectory("wire-").resolve("payload");
    return record(link -> settle(link.download(DIGEST, 1, target).toCompletableFuture()));
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
      CompletableFuture<Void> back = CompletableFuture.runAsync(() -> pump(to, from, copy, false));
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
      // One end has closed: what was said until then is what there is.
      return;
    }
  }

  private static void settle(CompletableFuture<?> call) {
    call.handle((done, failure) -> true).join();
  }
}
