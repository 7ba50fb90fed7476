package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkLostException;
import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.trust.CallAuthenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UploadTest {
  private static final int LARGE = 8 << 20;

  private TestGateway wire;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    wire = new TestGateway(directory);
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, FileChunks.BYTES - 1, FileChunks.BYTES, FileChunks.BYTES + 1, 1_000_000})
  void upload_anyLength_isAcceptedWithTheSameBytes(int bytes) throws Exception {
    // Given
    Path result = wire.file("result", bytes);
    UploadHeader header = TestGateway.header(result);

    // When
    Receipt receipt = TestGateway.await(wire.link("a").upload(header, result));

    // Then
    assertThat(receipt.getDuplicate()).isFalse();
    assertThat(receipt.getDigest()).isEqualTo(header.getDigest());
    assertThat(wire.handler.accepted.get(header.getDigest())).isEqualTo(Files.readAllBytes(result));
    assertThat(wire.part("a")).doesNotExist();
  }

  @Test
  void upload_acceptedBefore_givesTheReceiptAgain() throws Exception {
    // Given
    Path result = wire.file("result", 200_000);
    Link link = wire.link("a");
    TestGateway.await(link.upload(TestGateway.header(result), result));

    // When
    Receipt receipt = TestGateway.await(link.upload(TestGateway.header(result), result));

    // Then
    assertThat(receipt.getDuplicate()).isTrue();
    assertThat(wire.handler.heard).containsOnlyOnce("completed a");
  }

  @Test
  void upload_connectionCut_goesOnWithAtMostOneChunkLost() throws Exception {
    // Given
    Path result = wire.file("result", LARGE);
    Relay relay = wire.relay();
    Link link = wire.link(relay.address(), "a");
    relay.cutAfter(LARGE / 2);

    // When
    Throwable failure = TestGateway.failure(link.upload(TestGateway.header(result), result));
    TestGateway.until(() -> wire.gateway().connections() == 0);
    long passed = relay.toServer();
    long kept = Files.size(wire.part("a"));
    Receipt receipt = TestGateway.await(link.upload(TestGateway.header(result), result));

    // Then
    assertThat(failure).isInstanceOf(LinkLostException.class);
    assertThat(kept).isPositive();
    assertThat(relay.toServer() - passed).isLessThan(LARGE - kept + FileChunks.BYTES);
    assertThat(receipt.getDuplicate()).isFalse();
    assertThat(wire.handler.accepted.get(receipt.getDigest()))
        .isEqualTo(Files.readAllBytes(result));
  }

  @Test
  void upload_serverRestartedInBetween_goesOn() throws Exception {
    // Given
    Path result = wire.file("result", LARGE);
    Relay relay = wire.relay();
    Link link = wire.link(relay.address(), "a");
    relay.cutAfter(LARGE / 2);
    Throwable failure = TestGateway.failure(link.upload(TestGateway.header(result), result));

    // When
    wire.restart();
    relay.to(wire.gateway().address());
    long passed = relay.toServer();
    long kept = Files.size(wire.part("a"));
    Receipt receipt = TestGateway.await(link.upload(TestGateway.header(result), result));

    // Then
    assertThat(failure).isInstanceOf(LinkLostException.class);
    assertThat(kept).isPositive();
    assertThat(relay.toServer() - passed).isLessThan(LARGE - kept + FileChunks.BYTES);
    assertThat(wire.handler.accepted.get(receipt.getDigest()))
        .isEqualTo(Files.readAllBytes(result));
  }

  @Test
  void upload_otherResultAfterAPart_startsAnew() throws Exception {
    // Given
    Path old = wire.file("old", LARGE);
    Path fresh = wire.file("fresh", 300_000);
    Relay relay = wire.relay();
    Link link = wire.link(relay.address(), "a");
    relay.cutAfter(LARGE / 2);
    TestGateway.failure(link.upload(TestGateway.header(old), old));

    // When
    Receipt receipt = TestGateway.await(link.upload(TestGateway.header(fresh), fresh));

    // Then
    assertThat(wire.handler.accepted.get(receipt.getDigest())).isEqualTo(Files.readAllBytes(fresh));
  }

  @Test
  void upload_largerThanTheTaskAllows_isRefusedBeforeAByteIsRead() throws Exception {
    // Given
    Path result = wire.file("result", LARGE);
    wire.handler.largest = LARGE - 1;

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(TestGateway.header(result), result));

    // Then
    assertThat(reason).isEqualTo("oversize");
    assertThat(wire.handler.refusals).containsExactly("oversize a");
    assertThat(wire.part("a")).doesNotExist();
    assertThat(wire.gateway().bytes().received()).isLessThan(4096);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, FileChunks.BYTES, 150_000, 199_999})
  void upload_moreBytesThanAnnounced_isRefusedAndForgotten(long announced) throws Exception {
    // Given
    Path result = wire.file("result", 200_000);
    UploadHeader header = TestGateway.header(result).toBuilder().setBytes(announced).build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("oversize");
    assertThat(wire.part("a")).doesNotExist();
    assertThat(wire.handler.accepted).isEmpty();
  }

  @Test
  void upload_fewerBytesThanAnnounced_isRefused() throws Exception {
    // Given
    Path result = wire.file("result", 2 * FileChunks.BYTES);
    UploadHeader header =
        TestGateway.header(result).toBuilder().setBytes(3 * FileChunks.BYTES).build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("malformed");
    assertThat(wire.handler.accepted).isEmpty();
  }

  @Test
  void upload_otherDigestThanAnnounced_isRefusedAndForgotten() throws Exception {
    // Given
    Path result = wire.file("result", 200_000);
    UploadHeader header =
        TestGateway.header(result).toBuilder()
            .setDigest(TestGateway.header(wire.file("x", 9)).getDigest())
            .build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("wrong-digest");
    assertThat(wire.handler.refusals).containsExactly("wrong-digest a");
    assertThat(wire.handler.heard).containsExactly("announced a");
    assertThat(wire.part("a")).doesNotExist();
  }

  @Test
  void upload_ofUnknownRound_isRefusedByTheReception() throws Exception {
    // Given
    Path result = wire.file("result", 200_000);
    UploadHeader header = TestGateway.header(result).toBuilder().setRound("7").build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("stale-round");
    assertThat(wire.handler.refusals).isEmpty();
    assertThat(wire.part("a")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../etc/passwd", "ABCDEF"})
  void upload_withoutARealDigest_isMalformed(String digest) throws Exception {
    // Given
    Path result = wire.file("result", 10);
    UploadHeader header = TestGateway.header(result).toBuilder().setDigest(digest).build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("malformed");
    assertThat(wire.handler.heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[2J", "123456789 123456789 123456789 123"})
  void upload_ofAnImpossibleRound_isMalformed(String round) throws Exception {
    // Given
    Path result = wire.file("result", 10);
    UploadHeader header = TestGateway.header(result).toBuilder().setRound(round).build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("malformed");
    assertThat(wire.handler.heard).isEmpty();
  }

  @Test
  void upload_ofALongLayoutDigest_isMalformed() throws Exception {
    // Given
    Path result = wire.file("result", 10);
    UploadHeader header =
        TestGateway.header(result).toBuilder().setLayoutDigest("0".repeat(65)).build();

    // When
    String reason = TestGateway.refusal(wire.link("a").upload(header, result));

    // Then
    assertThat(reason).isEqualTo("malformed");
  }

  @Test
  void upload_byAClientRevokedMeanwhile_isRefusedAndForgotten(@TempDir Path directory)
      throws Exception {
    // Given
    AtomicInteger asked = new AtomicInteger();
    CallAuthenticator names =
        (connection, headers) ->
            asked.getAndIncrement() == 0
                ? new CallAuthenticator.Authentication.Known("a")
                : new CallAuthenticator.Authentication.Refused(
                    RefusalReason.REVOKED_CLIENT, "a client must not be revoked: client=a");
    try (TestGateway revoking = new TestGateway(directory, names)) {
      Path result = revoking.file("result", 100_000);

      // When
      String reason =
          TestGateway.refusal(revoking.link("a").upload(TestGateway.header(result), result));

      // Then
      assertThat(reason).isEqualTo("revoked-client");
      assertThat(revoking.handler.heard).containsExactly("announced a");
      assertThat(revoking.part("a")).doesNotExist();
    }
  }

  @Test
  void upload_whileNobodyCanTellWhose_keepsWhatHasCome(@TempDir Path directory) throws Exception {
    // Given
    AtomicInteger asked = new AtomicInteger();
    CallAuthenticator names =
        (connection, headers) ->
            asked.getAndIncrement() == 1
                ? new CallAuthenticator.Authentication.Unavailable("names must be readable")
                : new CallAuthenticator.Authentication.Known("a");
    try (TestGateway unreadable = new TestGateway(directory, names)) {
      Path result = unreadable.file("result", 100_000);
      Link link = unreadable.link("a");

      // When
      Throwable failure = TestGateway.failure(link.upload(TestGateway.header(result), result));
      long kept = Files.size(unreadable.part("a"));
      Receipt receipt = TestGateway.await(link.upload(TestGateway.header(result), result));

      // Then
      assertThat(failure).isInstanceOf(LinkLostException.class);
      assertThat(kept).isEqualTo(100_000);
      assertThat(receipt.getDuplicate()).isFalse();
    }
  }

  @Test
  void upload_whileTheSameIsBeingDecided_waitsAndIsADuplicate() throws Exception {
    // Given
    Path result = wire.file("result", 200_000);
    wire.handler.mayDecide = new CompletableFuture<>();
    var first = wire.link("a").upload(TestGateway.header(result), result);
    TestGateway.until(() -> wire.handler.heard.contains("completed a"));

    // When
    var second = wire.link("a").upload(TestGateway.header(result), result);
    wire.handler.mayDecide.complete(null);

    // Then
    assertThat(TestGateway.await(first).getDuplicate()).isFalse();
    assertThat(TestGateway.await(second).getDuplicate()).isTrue();
    assertThat(wire.handler.heard).containsOnlyOnce("completed a");
  }

  @Test
  void upload_whileAnOlderOneStalls_takesItsPlace() throws Exception {
    // Given
    Path result = wire.file("result", LARGE);
    Relay relay = wire.relay();
    var first = wire.link(relay.address(), "a").upload(TestGateway.header(result), result);
    TestGateway.until(() -> relay.toServer() > LARGE / 4);
    relay.stall(true);

    // When
    Receipt receipt = TestGateway.await(wire.link("a").upload(TestGateway.header(result), result));
    relay.stall(false);

    // Then
    assertThat(receipt.getDuplicate()).isFalse();
    assertThat(TestGateway.failure(first)).isInstanceOf(LinkLostException.class);
    assertThat(wire.handler.accepted.get(receipt.getDigest()))
        .isEqualTo(Files.readAllBytes(result));
  }

  @Test
  void upload_twoOfOneClientAtOnce_acceptsWholeResultsOnly() throws Exception {
    // Given
    Path result = wire.file("result", LARGE);
    Path other = wire.file("other", LARGE);

    // When
    var first = wire.link("a").upload(TestGateway.header(result), result);
    var second = wire.link("a").upload(TestGateway.header(other), other);
    int completed = 0;
    for (var each : List.of(first, second)) {
      Throwable failure = each.handle((receipt, cause) -> cause).toCompletableFuture().join();
      completed += failure == null ? 1 : 0;
    }

    // Then
    assertThat(completed).isPositive();
    assertThat(wire.handler.accepted).hasSize(completed);
    wire.handler.accepted.forEach((digest, bytes) -> assertThat(bytes).hasSize(LARGE));
  }
}
