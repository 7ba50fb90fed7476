package io.espalier.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.federation.trust.TokenStore.Invitation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenStoreTest {
  private static final Fingerprint AUTHORITY = new Fingerprint("0f".repeat(Fingerprint.BYTES));
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  @TempDir private Path directory;
  private TokenStore tokens;

  @BeforeEach
  void openStore() throws IOException {
    tokens = TokenStore.open(directory, clock);
  }

  @Test
  void token_asText_isOneWordThatReadsBack() throws IOException {
    EnrolmentToken token = tokens.create("kitchen", HOUR, AUTHORITY);

    assertThat(token.text()).matches("espalier1\\.[A-Za-z0-9_-]{27}\\.[A-Za-z0-9_-]{43}");
    assertThat(EnrolmentToken.parse(" " + token.text() + "\n")).isEqualTo(token);
    assertThat(token.toString()).doesNotContain(token.secret());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "espalier1.", "espalier1.abc.def", "abcdef.0123456789abcdef"})
  void token_copiedInPart_isRefused(String text) {
    assertThatThrownBy(() -> EnrolmentToken.parse(text))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("81 characters")
        .hasMessageContaining("characters=" + text.length() + "; copy it again");
  }

  @Test
  void secret_isNotOnDisk() throws IOException {
    EnrolmentToken token = tokens.create("kitchen", HOUR, AUTHORITY);

    try (Stream<Path> files = Files.walk(directory).filter(Files::isRegularFile)) {
      assertThat(files)
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.toString()).doesNotContain(token.secret());
                assertThat(Files.readString(file)).doesNotContain(token.secret());
              });
    }
  }

  @Test
  void token_isClaimedOnce_alsoByAnotherProcess() throws IOException {
    String secret = tokens.create("kitchen", HOUR, AUTHORITY).secret();

    assertThat(tokens.find(secret))
        .contains(
            new Invitation(
                "kitchen",
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2026-01-01T01:00:00Z")));
    assertThat(TokenStore.open(directory, clock).redeem(secret)).isPresent();
    assertThat(tokens.redeem(secret)).isEmpty();
    assertThat(tokens.find(secret)).isEmpty();
  }

  @Test
  void token_claimedByManyAtOnce_goesToOne() throws Exception {
    // Given
    int claimants = 8;
    String secret = tokens.create("kitchen", HOUR, AUTHORITY).secret();
    CyclicBarrier start = new CyclicBarrier(claimants);
    ExecutorService threads = Executors.newFixedThreadPool(claimants);

    // When
    List<Future<Boolean>> claims =
        IntStream.range(0, claimants)
            .mapToObj(
                index ->
                    threads.submit(
                        () -> {
                          start.await();
                          return tokens.redeem(secret).isPresent();
                        }))
            .toList();

    // Then
    int won = 0;
    for (Future<Boolean> each : claims) {
      won += each.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(won).isEqualTo(1);
  }

  @Test
  void token_holdsUntilItExpires_andIsRemovedByTheNext() throws IOException {
    String secret = tokens.create("kitchen", HOUR, AUTHORITY).secret();

    clock.advance(HOUR.minusMillis(1));
    assertThat(tokens.find(secret)).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(tokens.redeem(secret)).isEmpty();
    clock.advance(Duration.ofMillis(1));
    tokens.create("garden", HOUR, AUTHORITY);

    assertThat(directory.resolve("tokens")).isDirectoryContaining("glob:**.json");
    try (Stream<Path> files = Files.list(directory.resolve("tokens"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void tokens_ofAName_areWithdrawn_andNoOthers() throws IOException {
    String first = tokens.create("kitchen", HOUR, AUTHORITY).secret();
    String second = tokens.create("kitchen", HOUR, AUTHORITY).secret();
    String other = tokens.create("garden", HOUR, AUTHORITY).secret();

    assertThat(tokens.withdraw("kitchen")).isEqualTo(2);
    assertThat(tokens.find(first)).isEmpty();
    assertThat(tokens.find(second)).isEmpty();
    assertThat(tokens.find(other)).isPresent();
  }

  @Test
  void secret_thatIsAPath_findsNothing() throws IOException {
    assertThat(tokens.find("../../etc/passwd")).isEmpty();
    assertThat(tokens.find("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "-rf", "küche", "a b"})
  void clientName_thatCannotNameAFile_isRefused(String name) {
    assertThatThrownBy(() -> tokens.create(name, HOUR, AUTHORITY))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("name=" + name);
  }

  @Test
  void clientName_hasAtMost64Characters() throws IOException {
    assertThat(tokens.create("a".repeat(64), HOUR, AUTHORITY)).isNotNull();
    assertThatThrownBy(() -> tokens.create("a".repeat(65), HOUR, AUTHORITY))
        .isInstanceOf(TrustException.class);
  }

  @Test
  void token_thatWouldNeverHold_isRefused() {
    assertThatThrownBy(() -> tokens.create("kitchen", Duration.ZERO, AUTHORITY))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("valid=PT0S");
  }
}
