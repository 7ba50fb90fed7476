package io.espalier.federation.trust;

import java.math.BigInteger;
import java.time.Instant;

/**
 * A certificate that a client was given.
 *
 * @param revoked whether it has ended before its time
 */
public record IssuedCertificate(BigInteger serial, Instant expires, boolean revoked) {
  IssuedCertificate withRevoked() {
    return new IssuedCertificate(serial, expires, true);
  }
}
