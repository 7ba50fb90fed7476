package io.espalier.service.api;

import io.espalier.federation.trust.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs links that open the report of one run without a token, for ten minutes: the end of their
 * time, and its HMAC-SHA256 (Krawczyk, Bellare and Canetti, RFC 2104, 1997) with the id of the run
 * under a secret of the service's directory. Thread-safe.
 */
final class ReportLinks {
  static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final String FILE = "report-links.key";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final SecretKeySpec secret;
  private final InstantSource clock;

  /** A link's last part and the end of its time. */
  record Signed(String link, Instant expires) {}

  private ReportLinks(byte[] secret, InstantSource clock) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
    this.clock = clock;
  }

  /** Reads the secret of a service's directory, or makes it. */
  static ReportLinks open(Path directory, InstantSource clock) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      byte[] fresh = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(fresh);
      OwnerOnlyFiles.write(file, Base64.getEncoder().encodeToString(fresh));
    }
    byte[] secret = Base64.getDecoder().decode(OwnerOnlyFiles.read(file).strip());
    if (secret.length != SECRET_BYTES) {
      throw new IOException(
          "the key of report links must have %d bytes: file=%s, bytes=%d; delete it, and a new one is made"
              .formatted(SECRET_BYTES, file, secret.length));
    }
    return new ReportLinks(secret, clock);
  }

  Signed sign(String run) {
    long expires = clock.instant().plus(LIFETIME).getEpochSecond();
    return new Signed(expires + "-" + signature(run, expires), Instant.ofEpochSecond(expires));
  }

  /** Whether {@code link} was signed for this run and its time is not over. */
  boolean isValid(String run, String link) {
    int end = link.indexOf('-');
    if (end < 1 || !link.substring(0, end).matches("[1-9]\\d{0,11}")) {
      return false;
    }
    long expires = Long.parseLong(link.substring(0, end));
    boolean isSigned = isSame(signature(run, expires), link.substring(end + 1));
    return isSigned && clock.instant().getEpochSecond() < expires;
  }

  /** In constant time. */
  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private String signature(String run, long expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] text = (run + "\n" + expires).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have " + ALGORITHM, e);
    }
  }
}
