package io.espalier.federation.trust;

import io.espalier.trainer.file.Sha256;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** SHA-256 of a certificate's DER form, as 64 lower-case hexadecimal digits. */
public record Fingerprint(String hex) {
  public static final int BYTES = 32;

  public Fingerprint {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a fingerprint must have 64 lower-case hexadecimal digits: hex=" + hex);
    }
  }

  public static Fingerprint of(X509Certificate certificate) {
    try {
      return new Fingerprint(Sha256.ofBytes(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate must have a DER form", e);
    }
  }
}
