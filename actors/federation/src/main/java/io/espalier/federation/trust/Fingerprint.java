package io.espalier.federation.trust;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * SHA-256 of a certificate's DER form.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Fingerprint(String hex) {
  /** Length in bytes. */
  public static final int BYTES = 32;

  public Fingerprint {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a fingerprint must have 64 lower-case hexadecimal digits: hex=" + hex);
    }
  }

  public static Fingerprint of(X509Certificate certificate) {
    try {
      return new Fingerprint(
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate must have a DER form and a SHA-256", e);
    }
  }
}
