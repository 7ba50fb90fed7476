package io.espalier.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.Quotas;
import io.espalier.service.Scope;
import io.espalier.service.http.CallerDirectory.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00.5Z"));
  private static final Duration SEEN = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private AccessTokens tokens;

  @BeforeEach
  void open() throws IOException {
    tokens = AccessTokens.open(directory, CLOCK);
  }

  @Test
  void token_created_isFoundBySecretAlone() throws IOException {
    String secret = tokens.create("nightly", Role.READ);

    assertThat(secret).matches("espalier_[A-Za-z0-9_-]{43}");
    assertThat(tokens.find(secret).map(Caller::name)).contains("nightly");
    assertThat(tokens.find(secret).map(Caller::role)).contains(Role.READ);
    assertThat(tokens.find(secret.toLowerCase(Locale.ROOT))).isEmpty();
    assertThat(tokens.find("")).isEmpty();
    assertThat(tokens.find(tokens.list().get(0).sha256())).isEmpty();
  }

  @Test
  void secret_isNotOnDisk_andTheFileIsTheOwnersAlone() throws IOException {
    String secret = tokens.create("nightly", Role.OPERATE);

    Path file = directory.resolve("tokens.json");
    assertThat(Files.readString(file)).doesNotContain(secret).contains("2026-01-01T00:00:00Z");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void token_revokedByAnotherProcess_isRefusedWithinSeconds() throws Exception {
    // Given
    String secret = tokens.create("nightly", Role.READ);
    assertThat(tokens.find(secret)).isPresent();

    // When
    boolean revoked = AccessTokens.open(directory, CLOCK).revoke("nightly");

    // Then
    assertThat(revoked).isTrue();
    assertThat(AccessTokens.open(directory, CLOCK).revoke("nightly")).isFalse();
    assertThat(eventually(secret, Optional.empty())).isEmpty();
  }

  @Test
  void token_createdByAnotherProcess_isTakenWithinSeconds() throws Exception {
    tokens.find("none");

    String secret = AccessTokens.open(directory, CLOCK).create("new", Role.OPERATE);

    assertThat(eventually(secret, Optional.of("new"))).contains("new");
  }

  @Test
  void firstToken_isMadeOnce_andLeftToTheOwner() throws IOException {
    // When
    tokens.prepareFirst();
    String secret = Files.readString(tokens.first()).strip();
    tokens.prepareFirst();

    // Then
    assertThat(Files.readString(tokens.first()).strip()).isEqualTo(secret);
    assertThat(tokens.find(secret).map(Caller::role)).contains(Role.MANAGE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens.first())))
        .isEqualTo("rw-------");
    assertThat(tokens.list()).extracting(Token::name).containsExactly("owner");
  }

  @Test
  void firstToken_revoked_doesNotComeBack() throws IOException {
    tokens.prepareFirst();
    tokens.revoke("owner");

    tokens.prepareFirst();

    assertThat(tokens.list()).isEmpty();
  }

  @Test
  void name_inUse_isRefused() throws IOException {
    tokens.create("nightly", Role.READ);

    assertThatThrownBy(() -> tokens.create("nightly", Role.OPERATE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name=nightly; revoke that one first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "-rf", "küche", "a/b", "a\nb"})
  void name_thatCannotNameAToken_isRefused(String name) {
    assertThatThrownBy(() -> tokens.create(name, Role.READ))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name=" + name);
  }

  @Test
  void file_openToOthers_letsNobodyIn() throws IOException {
    String secret = tokens.create("nightly", Role.READ);
    Files.setPosixFilePermissions(
        directory.resolve("tokens.json"), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> tokens.find(secret)).hasMessageContaining("chmod 600");
  }

  @Test
  void file_ofBefore_hasTokensThatNeverEnd_reachAll_andHaveNoLimits() throws IOException {
    // Given
    String secret = tokens.create("nightly", Role.OPERATE);
    String digest = tokens.list().get(0).sha256();
    Files.writeString(
        directory.resolve("tokens.json"),
        "{\"tokens\":[{\"name\":\"nightly\",\"role\":\"operate\",\"created\":\"2026-01-01T00:00:00Z\",\"sha256\":\"%s\"}]}"
            .formatted(digest));

    // When
    Caller caller = AccessTokens.open(directory, CLOCK).find(secret).orElseThrow();

    // Then
    assertThat(caller)
        .isEqualTo(
            new Caller(
                "nightly",
                Role.OPERATE,
                Ownership.of("nightly", "default"),
                Scope.ALL,
                Quotas.NONE,
                Instant.parse("2026-01-01T00:00:00Z"),
                Optional.empty()));
    assertThat(Files.readString(directory.resolve("tokens.json"))).doesNotContain("expires");
  }

  @Test
  void file_withAnUnknownScope_letsNobodyIn() throws IOException {
    String secret = tokens.create("ci", TokenTerms.of(Role.READ).within(Scope.OWN));
    Path file = directory.resolve("tokens.json");
    Files.writeString(file, Files.readString(file).replace("\"own\"", "\"owm\""));

    assertThatThrownBy(() -> tokens.find(secret)).isInstanceOf(IOException.class);
  }

  @Test
  void token_withAllItsTerms_isFoundWithThem_besideTheLimitsOfItsProject() throws IOException {
    // Given
    Quota ofOwner =
        new Quota(
            OptionalLong.of(4),
            OptionalLong.of(8),
            OptionalLong.of(20),
            OptionalLong.of(1L << 40),
            OptionalLong.empty());
    Quota ofProject =
        new Quota(
            OptionalLong.of(9),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    Instant end = Instant.parse("2026-02-01T00:00:00Z");
    tokens.limit("vision", ofProject);

    // When
    String secret =
        tokens.create(
            "ci",
            TokenTerms.of(Role.OPERATE)
                .of("ann", "vision")
                .within(Scope.PROJECT)
                .limited(ofOwner)
                .expiring(end));

    // Then
    Caller caller = AccessTokens.open(directory, CLOCK).find(secret).orElseThrow();
    assertThat(caller.ownership()).isEqualTo(Ownership.of("ann", "vision"));
    assertThat(caller.scope()).isEqualTo(Scope.PROJECT);
    assertThat(caller.quotas()).isEqualTo(new Quotas(ofOwner, ofProject));
    assertThat(caller.expired()).isEmpty();
    assertThat(
            AccessTokens.open(directory, InstantSource.fixed(end))
                .find(secret)
                .orElseThrow()
                .expired())
        .contains(end);
    tokens.limit("vision", Quota.NONE);
    assertThat(tokens.projects()).isEmpty();
    assertThat(tokens.list()).hasSize(1);
  }

  @Test
  void end_thatIsOver_isRefused() {
    Instant over = Instant.parse("2025-12-31T00:00:00Z");

    assertThatThrownBy(() -> tokens.create("ci", TokenTerms.of(Role.READ).expiring(over)))
        .hasMessageContaining("expires=2025-12-31T00:00:00Z, now=2026-01-01T00:00:00Z");
    assertThatThrownBy(() -> tokens.renew("ci", Optional.of(over)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Optional<String> eventually(String secret, Optional<String> expected) throws Exception {
    long end = System.nanoTime() + SEEN.toNanos();
    Optional<String> found = tokens.find(secret).map(Caller::name);
    while (!found.equals(expected) && System.nanoTime() < end) {
      Thread.sleep(50);
      found = tokens.find(secret).map(Caller::name);
    }
    return found;
  }
}
