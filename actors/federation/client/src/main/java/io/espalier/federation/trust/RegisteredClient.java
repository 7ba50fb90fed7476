package io.espalier.federation.trust;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A client with its newest certificates in order of issue, and its last revocation. */
public record RegisteredClient(
    String name, List<Certificate> certificates, Optional<Instant> revoked) {
  /** A device has one certificate, two while it renews. */
  private static final int MOST_CERTIFICATES = 8;

  /** An issued certificate; {@code revoked} means before its time. */
  public record Certificate(BigInteger serial, Instant expires, boolean revoked) {
    Certificate withRevoked() {
      return new Certificate(serial, expires, true);
    }
  }

  public enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  public RegisteredClient {
    ClientIdentity.requireName(name);
    certificates = List.copyOf(certificates);
  }

  static RegisteredClient unknown(String name) {
    return new RegisteredClient(name, List.of(), Optional.empty());
  }

  public State state(Instant now) {
    if (certificates.stream().anyMatch(each -> !each.revoked() && now.isBefore(each.expires()))) {
      return State.ACTIVE;
    }
    boolean ended =
        certificates.isEmpty()
            ? revoked.isPresent()
            : certificates.stream().allMatch(Certificate::revoked);
    return ended ? State.REVOKED : State.EXPIRED;
  }

  /** When the last valid certificate expires. */
  public Optional<Instant> expires() {
    return certificates.stream()
        .filter(each -> !each.revoked())
        .map(Certificate::expires)
        .max(Comparator.naturalOrder());
  }

  Optional<Certificate> certificate(BigInteger serial) {
    return certificates.stream().filter(each -> each.serial().equals(serial)).findFirst();
  }

  RegisteredClient withCertificate(Certificate issued) {
    Stream<Certificate> kept =
        certificates.stream().skip(Math.max(0, certificates.size() + 1 - MOST_CERTIFICATES));
    return new RegisteredClient(name, Stream.concat(kept, Stream.of(issued)).toList(), revoked);
  }

  RegisteredClient withoutCertificates() {
    return new RegisteredClient(
        name, certificates.stream().map(Certificate::withRevoked).toList(), revoked);
  }

  RegisteredClient withRevoked(Instant now) {
    return new RegisteredClient(name, withoutCertificates().certificates(), Optional.of(now));
  }
}
