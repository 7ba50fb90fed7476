package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import io.espalier.service.http.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("slow")
class ManyListenersTest {
  private static final int LISTENERS = 500;
  private static final long MB = 1 << 20;
  private static final HttpSettings.Times TIMES =
      new HttpSettings.Times(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMillis(250),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5));

  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory, settings -> settings.withTimes(TIMES));
    api.runs().put("r1", RunState.RUNNING);
    Path run = api.runs().directory("r1");
    Files.createDirectories(run);
    String line = "{\"type\":\"STEPS\",\"data\":\"" + "x".repeat(200) + "\"}\n";
    Files.writeString(run.resolve("events.jsonl"), line.repeat(60_000));
    Files.write(run.resolve("model.safetensors"), new byte[8 << 20]);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void listeners_thatDoNotRead_costLittle_andAreCutInTheEnd() throws Exception {
    // Given
    api.get("/v1/runs");
    long heap = heap();
    int threads = Thread.activeCount();
    List<Socket> slow = new ArrayList<>();

    // When
    for (int i = 0; i < LISTENERS; i++) {
      slow.add(listen());
    }
    await(() -> streams() == LISTENERS);
    Thread.sleep(2000);

    // Then
    assertThat(heap() - heap).isLessThan(120 * MB);
    assertThat(Thread.activeCount() - threads).isLessThan(10);
    assertThat(api.get("/v1/runs/r1").statusCode()).isEqualTo(200);
    assertThat(api.get("/v1/runs/r1/events?follow=false&after=59999").body()).contains("id: 60000");
    await(() -> streams() == 0);
    for (Socket each : slow) {
      each.close();
    }
  }

  @Test
  void clients_thatLeaveEarly_leaveNothingBehind() throws Exception {
    // Given
    api.get("/v1/runs");
    abandon("/v1/runs/r1/events");
    abandon("/v1/runs/r1/artifacts/model.safetensors");
    await(() -> streams() == 0);
    long files = files();

    // When
    for (int i = 0; i < 100; i++) {
      abandon("/v1/runs/r1/events");
      abandon("/v1/runs/r1/artifacts/model.safetensors");
      abandon("/v1/runs/r1/log");
    }

    // Then
    await(() -> streams() == 0 && files() <= files + 3);
  }

  private void abandon(String path) throws IOException {
    try (Socket socket = request(path)) {
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(64)).hasSize(64);
    }
  }

  private Socket listen() throws IOException {
    return request("/v1/runs/r1/events");
  }

  private Socket request(String path) throws IOException {
    Socket socket = api.socket();
    String text =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, api.operate());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private int streams() {
    return (int) api.api().meters().get("espalier.http.streams").gauge().value();
  }

  private static long files() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(50);
    }
  }
}
