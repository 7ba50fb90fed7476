package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service of its own process, and far more idle connections than it takes. */
@Timeout(600)
@Tag("slow")
class CrowdedServiceTest {
  private static final int CROWD = 3_000;
  private static final int MOST_OPENED = 30_000;
  private static final int ROUNDS = 50;

  private static final long PAUSE_MS = 10;

  /** Far more than an answer takes, and less than the time after which idle connections end. */
  private static final int LIMIT_MS = 20_000;

  private static final int PATIENCE_MS = 90_000;

  @TempDir private Path home;

  /** Holds many connections without a token, and opens a new one for each that the server ends. */
  private static final class Crowd implements AutoCloseable {
    private final InetSocketAddress address;
    private final Selector selector = Selector.open();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final CompletableFuture<Integer> pushing;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    Crowd(InetSocketAddress address, int size) throws IOException {
      this.address = address;
      while (opened.get() < size) {
        add();
      }
      pushing = CompletableFuture.supplyAsync(this::push);
    }

    private int push() {
      try {
        while (!isOver.get()) {
          selector.select(this::replace, PAUSE_MS);
        }
        return opened.get();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void replace(SelectionKey key) {
      var channel = (SocketChannel) key.channel();
      try {
        // A failed attempt closes its channel, whose key then has no state.
        boolean connects = key.isConnectable();
        if (connects && isConnected(channel) && begin(channel)) {
          key.interestOps(SelectionKey.OP_READ);
        } else if (connects || isEnded(channel)) {
          channel.close();
          if (opened.get() < MOST_OPENED) {
            add();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean isConnected(SocketChannel channel) {
      try {
        return channel.finishConnect();
      } catch (IOException e) {
        return false;
      }
    }

    private static boolean isEnded(SocketChannel channel) {
      try {
        return channel.read(ByteBuffer.allocate(1_000)) < 0;
      } catch (IOException e) {
        return true;
      }
    }

    /** Does not wait until the server has room. */
    private void add() throws IOException {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(address);
      channel.register(selector, SelectionKey.OP_CONNECT);
      opened.incrementAndGet();
    }

    /** Every other one sends half of a head; false where the server has shed it already. */
    private boolean begin(SocketChannel channel) {
      if (begun.incrementAndGet() % 2 != 0) {
        return true;
      }
      String half = "GET /v1/runs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
      try {
        return channel.write(ByteBuffer.wrap(half.getBytes(StandardCharsets.US_ASCII))) > 0;
      } catch (IOException e) {
        return false;
      }
    }

    /** Waits until most of them are connected. */
    void awaitRush(int connected) throws InterruptedException {
      while (begun.get() < connected) {
        Thread.sleep(PAUSE_MS);
      }
    }

    @Override
    public void close() throws IOException {
      isOver.set(true);
      try {
        assertThat(pushing.join()).isPositive();
      } finally {
        for (SelectionKey each : selector.keys()) {
          each.channel().close();
        }
        selector.close();
      }
    }
  }

  @Test
  void crowd_withoutToken_keepsNeitherHealthNorCallersWithATokenOut() throws Exception {
    // Given
    try (ServiceProcess service = ServiceProcess.start(home);
        Socket stream = new Socket()) {
      Path directory = home.resolve("service");
      URI url = URI.create(Files.readString(directory.resolve("address")).strip());
      var address = new InetSocketAddress(url.getHost(), url.getPort());
      String token =
          "Authorization: Bearer %s\r\n"
              .formatted(Files.readString(directory.resolve("token")).strip());
      stream.connect(address, PATIENCE_MS);
      stream.setSoTimeout(PATIENCE_MS);
      send(
          stream,
          "GET /dashboard/live?subject=service HTTP/1.1\r\n%sHost: localhost\r\n\r\n"
              .formatted(token));
      awaitText(stream.getInputStream(), "data:");

      double files = files(address, token);

      try (Crowd crowd = new Crowd(address, size())) {
        // When
        crowd.awaitRush(size() * 3 / 4);

        // Then
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(get(address, "/health", "")).startsWith("HTTP/1.1 200");
          assertThat(get(address, "/v1/runs", token)).startsWith("HTTP/1.1 200");
          awaitText(stream.getInputStream(), "data:");
        }
        String metrics = get(address, "/metrics", token);
        assertThat(metric(metrics, "espalier_http_connections_ended_total")).isPositive();
        assertThat(metric(metrics, "espalier_http_connections")).isLessThan(size());
        awaitFewerFiles(address, token, files + size());
        assertThat(service.process.isAlive()).isTrue();
      }
    }
  }

  /**
   * More than the service takes, which is a quarter of its files, as many as this process may open.
   */
  private static int size() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return (int) Math.min(CROWD, system.getMaxFileDescriptorCount() * 2 / 5);
  }

  private static String get(InetSocketAddress address, String path, String header)
      throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address, LIMIT_MS);
      socket.setSoTimeout(LIMIT_MS);
      send(
          socket,
          "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"
              .formatted(path, header));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void awaitText(InputStream in, String text) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = in.read();
      assertThat(next).as("a stream must go on: %s", read).isNotNegative();
      read.append((char) next);
    }
  }

  /** What the service sheds is closed a moment later, where the machine has other work too. */
  private static void awaitFewerFiles(InetSocketAddress address, String token, double most)
      throws Exception {
    long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    double open = files(address, token);
    while (open >= most && System.nanoTime() < untilNs) {
      Thread.sleep(PAUSE_MS);
      open = files(address, token);
    }
    assertThat(open).isLessThan(most);
  }

  private static double files(InetSocketAddress address, String token) throws IOException {
    return metric(get(address, "/metrics", token), "process_files_open_files");
  }

  private static double metric(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
