package io.espalier.federation.server;

import io.espalier.federation.transfer.RefusalReason;

/** What becomes of a result whose bytes are all there. */
public sealed interface UploadVerdict {
  /** It is on disk where it belongs, and counts. */
  record Accepted() implements UploadVerdict {}

  /** The same had been accepted before; the client gets its receipt again. */
  record Duplicate() implements UploadVerdict, UploadAdmission {}

  /**
   * It is not wanted; whoever decides that counts it.
   *
   * @param detail the rule and the value that broke it
   */
  record Refused(RefusalReason reason, String detail) implements UploadVerdict, UploadAdmission {}

  /** Nobody is there to decide: the call fails, and the client asks the next server the same. */
  record Unavailable(String detail) implements UploadVerdict, UploadAdmission {}
}
