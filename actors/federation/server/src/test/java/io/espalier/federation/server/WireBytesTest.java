package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.Link;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WireBytesTest {
  private TestGateway wire;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    wire = new TestGateway(directory);
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
  }

  @Test
  void bytes_bothWays_areThoseOfTheSocket() throws Exception {
    // Given
    Path file = wire.file("file", 1_000_000);
    String digest = TestGateway.header(file).getDigest();
    wire.handler.payloads.put(digest, file);
    Relay relay = wire.relay();
    Link link = wire.link(relay.address(), "a");

    // When
    TestGateway.await(link.upload(TestGateway.header(file), file));
    TestGateway.await(link.download(digest, 1_000_000, wire.directory.resolve("target")));
    link.close();
    TestGateway.until(() -> wire.gateway().connections() == 0);
    TestGateway.until(() -> relay.toClient() == wire.gateway().bytes().sent());

    // Then
    WireBytes bytes = wire.gateway().bytes();
    assertThat(bytes.received()).isEqualTo(relay.toServer()).isGreaterThan(1_000_000);
    assertThat(bytes.sent()).isGreaterThan(1_000_000);
    assertThat(wire.gateway().bytesByClient()).containsOnlyKeys("a").containsValue(bytes);
  }

  @Test
  void bytes_ofSeveralClients_areKeptApartForEver() throws Exception {
    // Given
    Path large = wire.file("large", 500_000);
    Path small = wire.file("small", 1000);
    Link first = wire.link("a");
    TestGateway.await(first.upload(TestGateway.header(large), large));
    first.close();
    TestGateway.until(() -> wire.gateway().connections() == 0);

    // When
    TestGateway.await(wire.link("b").upload(TestGateway.header(small), small));

    // Then
    long ofFirst = received("a");
    long ofSecond = received("b");
    assertThat(ofFirst).isBetween(500_000L, 520_000L);
    assertThat(ofSecond).isBetween(1000L, 5000L);
    assertThat(ofFirst + ofSecond).isEqualTo(wire.gateway().bytes().received());
  }

  @Test
  void connections_ofOneClientBeyondTheLimit_cutTheOldestAndTellOnceAMinute() throws Exception {
    // Given
    Path file = wire.file("file", 10);

    // When
    for (int count = 0; count < 6; count++) {
      TestGateway.await(wire.link("a").upload(TestGateway.header(file), file));
    }

    // Then
    TestGateway.until(() -> wire.gateway().connections() == 4);
    assertThat(wire.handler.refusals).containsExactly("too-many a");
  }

  private long received(String client) {
    return Objects.requireNonNull(wire.gateway().bytesByClient().get(client)).received();
  }
}
