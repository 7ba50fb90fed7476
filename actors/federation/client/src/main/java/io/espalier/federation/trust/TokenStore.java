package io.espalier.federation.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Unused tokens: a file each, in a directory that several processes may use. The server knows a
 * secret only by its SHA-256, the file's name; secrets are never compared, so that the time of a
 * search reveals nothing of them. Deleting the file uses the token up: of two devices with one
 * token, one succeeds. Thread-safe.
 */
public final class TokenStore {
  private final Path directory;
  private final InstantSource clock;

  public record Invitation(String client, Instant made, Instant expires) {}

  private TokenStore(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  public static TokenStore open(Path authority, InstantSource clock) throws IOException {
    Path directory = authority.resolve("tokens");
    OwnerOnlyFiles.makeDirectory(directory);
    return new TokenStore(directory, clock);
  }

  /**
   * Makes a token for one device.
   *
   * @param client name that the device gets
   * @throws TrustException if the name is not allowed, or the token would never be valid
   */
  public EnrolmentToken create(String client, Duration valid, Fingerprint authority)
      throws IOException {
    if (valid.isNegative() || valid.isZero()) {
      throw new TrustException(
          "a token must be valid for some time: valid=%s; choose one such as 1h".formatted(valid));
    }
    removeExpired();
    Instant now = clock.instant();
    EnrolmentToken token = EnrolmentToken.random(authority);
    OwnerOnlyFiles.write(
        file(token.secret()),
        Json.LENIENT
            .createObjectNode()
            .put("client", ClientIdentity.requireName(client))
            .put("made", now.toString())
            .put("expires", now.plus(valid).toString())
            .toString());
    return token;
  }

  Optional<Invitation> find(String secret) throws IOException {
    return read(file(secret)).filter(each -> clock.instant().isBefore(each.expires()));
  }

  /** Like {@link #find}, but uses the token up, durably. */
  Optional<Invitation> redeem(String secret) throws IOException {
    Optional<Invitation> found = find(secret);
    if (found.isPresent() && Files.deleteIfExists(file(secret))) {
      AtomicFile.forceDirectory(directory);
      return found;
    }
    return Optional.empty();
  }

  /** Removes the tokens for a name; returns their number. */
  public int withdraw(String client) throws IOException {
    int withdrawn = 0;
    for (Path file : files()) {
      boolean matches = read(file).filter(each -> each.client().equals(client)).isPresent();
      if (matches && Files.deleteIfExists(file)) {
        withdrawn++;
      }
    }
    AtomicFile.forceDirectory(directory);
    return withdrawn;
  }

  private void removeExpired() throws IOException {
    for (Path file : files()) {
      if (read(file).filter(each -> clock.instant().isAfter(each.expires())).isPresent()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(each -> each.toString().endsWith(".json")).toList();
    }
  }

  private static Optional<Invitation> read(Path file) throws IOException {
    try {
      JsonNode node = Json.LENIENT.readTree(OwnerOnlyFiles.read(file));
      return Optional.of(
          new Invitation(
              node.required("client").asText(),
              Instant.parse(node.required("made").asText()),
              Instant.parse(node.required("expires").asText())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new TrustException(
          "a token's file must be as Espalier wrote it: file=%s; remove it".formatted(file), e);
    }
  }

  private Path file(String secret) {
    return directory.resolve(Sha256.ofText(secret) + ".json");
  }
}
