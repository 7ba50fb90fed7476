package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkLostException;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DownloadTest {
  private static final int LARGE = 8 << 20;

  /** The client's flow-control window, what the call holds, and as much again. */
  private static final long MOST_OUTSTANDING = 1 << 20;

  private TestGateway wire;
  private Path target;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    wire = new TestGateway(directory);
    target = directory.resolve("target");
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FileChunks.BYTES, FileChunks.BYTES + 1, 1_000_000})
  void download_anyLength_givesTheSameBytes(int bytes) throws Exception {
    // Given
    Path payload = wire.file("payload", bytes);
    String digest = published(payload);

    // When
    Path came = TestGateway.await(wire.link("a").download(digest, bytes, target));

    // Then
    assertThat(came).isEqualTo(target).hasSameBinaryContentAs(payload);
    assertThat(wire.directory).isDirectoryNotContaining("glob:**.part*");
  }

  @Test
  void download_connectionCut_goesOnWithAtMostTheWindowLost() throws Exception {
    // Given
    Path payload = wire.file("payload", LARGE);
    String digest = published(payload);
    Relay relay = wire.relay();
    Link link = wire.link(relay.address(), "a");
    relay.cutAfter(LARGE / 2);

    // When
    Throwable failure = TestGateway.failure(link.download(digest, LARGE, target));
    long kept = Files.size(target.resolveSibling("target.part"));
    long passed = relay.toClient();
    TestGateway.await(link.download(digest, LARGE, target));

    // Then
    assertThat(failure).isInstanceOf(LinkLostException.class);
    assertThat(kept).isPositive();
    assertThat(relay.toClient() - passed).isLessThan(LARGE - kept + FileChunks.BYTES);
    assertThat(target).hasSameBinaryContentAs(payload);
  }

  @Test
  void download_ofAnUnknownDigest_isRefused() throws Exception {
    // Given
    String digest = TestGateway.header(wire.file("other", 10)).getDigest();

    // When
    String reason = TestGateway.refusal(wire.link("a").download(digest, 10, target));

    // Then
    assertThat(reason).isEqualTo("unknown-payload");
    assertThat(wire.handler.refusals).containsExactly("unknown-payload a");
  }

  @Test
  void download_ofOtherBytesThanTheDigest_isRefusedAndForgotten() throws Exception {
    // Given
    Path payload = wire.file("payload", 100_000);
    String digest = TestGateway.header(wire.file("other", 10)).getDigest();
    wire.handler.payloads.put(digest, payload);

    // When
    String reason = TestGateway.refusal(wire.link("a").download(digest, 100_000, target));

    // Then
    assertThat(reason).isEqualTo("wrong-digest");
    assertThat(target).doesNotExist();
    assertThat(target.resolveSibling("target.part")).doesNotExist();
  }

  @Test
  void download_ofMoreBytesThanTold_isRefused() throws Exception {
    // Given
    String digest = published(wire.file("payload", 1_000_000));

    // When
    String reason = TestGateway.refusal(wire.link("a").download(digest, 100_000, target));

    // Then
    assertThat(reason).isEqualTo("oversize");
    assertThat(target).doesNotExist();
  }

  @Test
  void download_byAClientThatDoesNotRead_staysBoundedAndGoesOn() throws Exception {
    // Given
    int bytes = 64 << 20;
    Path payload = wire.file("payload", bytes);
    String digest = published(payload);
    Relay relay = wire.relay();
    Link link = wire.link(relay.address(), "a");
    relay.stall(true);

    // When
    var download = link.download(digest, bytes, target);
    relay.stall(false);
    TestGateway.until(() -> relay.toClient() > 1 << 20);
    relay.stall(true);
    long sent = settled();
    long read = relay.toClient();
    relay.stall(false);
    TestGateway.await(download);

    // Then
    assertThat(sent - read).isLessThan(MOST_OUTSTANDING);
    assertThat(target).hasSameBinaryContentAs(payload);
  }

  @Test
  void download_byAClientThatNeverReads_isCut(@TempDir Path directory) throws Exception {
    // Given
    GatewaySettings.Times times =
        new GatewaySettings.Times(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1));
    try (TestGateway slow = new TestGateway(directory, GatewaySettings.Limits.DEFAULT, times)) {
      int bytes = 32 << 20;
      Path payload = slow.file("payload", bytes);
      String digest = Sha256.ofFile(payload);
      slow.handler.payloads.put(digest, payload);
      Relay relay = slow.relay();
      var download = slow.link(relay.address(), "a").download(digest, bytes, target);
      TestGateway.until(() -> relay.toClient() > 1 << 20);

      // When
      relay.stall(true);
      TestGateway.until(() -> slow.gateway().connections() == 0);
      relay.stall(false);

      // Then
      assertThat(TestGateway.failure(download)).isInstanceOf(LinkLostException.class);
      assertThat(slow.handler.refusals).containsExactly("too-slow a");
    }
  }

  private String published(Path payload) throws IOException {
    String digest = Sha256.ofFile(payload);
    wire.handler.payloads.put(digest, payload);
    return digest;
  }

  /** Bytes sent by the server, once they do not become more. */
  private long settled() throws InterruptedException {
    long before = -1;
    long now = wire.gateway().bytes().sent();
    while (now != before) {
      Thread.sleep(300);
      before = now;
      now = wire.gateway().bytes().sent();
    }
    return now;
  }
}
