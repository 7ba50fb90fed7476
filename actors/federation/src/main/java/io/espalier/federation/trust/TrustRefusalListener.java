package io.espalier.federation.trust;

import java.util.Optional;

/** Hears of whatever is refused for want of trust. Called on the network's threads: be quick. */
@FunctionalInterface
public interface TrustRefusalListener {
  /**
   * A certificate that is missing, or that the register does not know; or a token that is wrong.
   */
  String UNKNOWN_CLIENT = "unknown-client";

  /** A certificate that was ended before its time. */
  String REVOKED_CLIENT = "revoked-client";

  /** A certificate that has expired, or does not hold yet. */
  String EXPIRED_CERTIFICATE = "expired-certificate";

  /** A signing request that cannot be used. */
  String MALFORMED = "malformed";

  /** An enrolment from an address where too many have failed. */
  String TOO_MANY = "too-many";

  /**
   * Something was refused.
   *
   * @param client its name, if its certificate is the authority's
   * @param reason one of the words above
   * @param detail the rule and what broke it
   */
  void refused(Optional<String> client, String reason, String detail);
}
