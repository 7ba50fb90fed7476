package io.espalier.federation.trust;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.regex.Pattern;

/** The client of a certificate, with the certificate's serial and expiry. */
public record ClientIdentity(String name, BigInteger serial, Instant expires) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  public ClientIdentity {
    requireName(name);
  }

  public static ClientIdentity of(X509Certificate certificate) {
    return new ClientIdentity(
        CertificateIssuer.subject(certificate),
        certificate.getSerialNumber(),
        certificate.getNotAfter().toInstant());
  }

  /** Returns the name, also a file name; throws {@link TrustException} if it is not allowed. */
  public static String requireName(String name) {
    if (!isName(name)) {
      throw new TrustException(
          "a client's name must have 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit: name=%s; choose another"
              .formatted(name));
    }
    return name;
  }

  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }
}
