package io.espalier.federation.trust;

/** Tells whose certificates have ended before their time. Thread-safe, and cheap to ask often. */
@FunctionalInterface
interface Revocations {
  /** Whether a client that was let in must go: revoked, replaced by a new enrolment, or unknown. */
  boolean isRevoked(ClientIdentity client);
}
