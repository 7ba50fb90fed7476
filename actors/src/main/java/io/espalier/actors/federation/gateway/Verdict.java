package io.espalier.actors.federation.gateway;

import io.espalier.actors.federation.transfer.Reason;

/** What becomes of a result whose bytes are all there. */
public sealed interface Verdict {
  /** It is on disk where it belongs, and counts. */
  record Accepted() implements Verdict {}

  /** The same had been accepted before; the client gets its receipt again. */
  record Duplicate() implements Verdict, Admission {}

  /**
   * It is not wanted; whoever decides that counts it.
   *
   * @param detail the rule and the value that broke it
   */
  record Refused(Reason reason, String detail) implements Verdict, Admission {}

  /** Nobody is there to decide: the call fails, and the client asks the next server the same. */
  record Unavailable(String detail) implements Verdict, Admission {}
}
