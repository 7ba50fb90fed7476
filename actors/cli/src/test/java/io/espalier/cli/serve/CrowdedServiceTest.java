package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private static final int PATIENCE_MS = 60_000;

  @TempDir private Path home;

  /** Holds many connections without a token, and opens a new one for each that ends. */
  private static final class Crowd implements AutoCloseable {
    private final InetSocketAddress address;
    private final int size;
    private final Deque<Socket> sockets = new ArrayDeque<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private CompletableFuture<Integer> pushing = CompletableFuture.completedFuture(0);

    Crowd(InetSocketAddress address, int size) throws IOException {
      this.address = address;
      this.size = size;
      for (int i = 0; i < size; i++) {
        add();
      }
    }

    /** Goes on in a thread of its own, up to a limit. */
    void push() {
      pushing =
          CompletableFuture.supplyAsync(
              () -> {
                int opened = size;
                while (!isOver.get() && opened < MOST_OPENED) {
                  try {
                    sockets.removeFirst().close();
                    add();
                    opened++;
                    Thread.sleep(1);
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException("a crowd must be let in", e);
                  }
                }
                return opened;
              });
    }

    private void add() throws IOException {
      var socket = new Socket();
      socket.connect(address, PATIENCE_MS);
      if (sockets.size() % 2 == 0) {
        send(socket, "GET /v1/runs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
      }
      sockets.add(socket);
    }

    @Override
    public void close() throws IOException {
      isOver.set(true);
      pushing.join();
      for (Socket each : sockets) {
        each.close();
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
        crowd.push();

        // Then
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(get(address, "/health", "")).startsWith("HTTP/1.1 200");
          assertThat(get(address, "/v1/runs", token)).startsWith("HTTP/1.1 200");
          awaitText(stream.getInputStream(), "data:");
        }
        String metrics = get(address, "/metrics", token);
        assertThat(metric(metrics, "espalier_http_connections_ended_total")).isPositive();
        assertThat(metric(metrics, "espalier_http_connections")).isLessThan(size());
        assertThat(files(address, token)).isLessThan(files + size());
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
      socket.connect(address, PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
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
