package io.espalier.federation.server;

import io.espalier.federation.transfer.RefusalReason;

/** What becomes of a result, decided from its header and again when its bytes are complete. */
public sealed interface UploadVerdict {
  /**
   * The result may be uploaded; only for a header.
   *
   * @param largest bytes that it may have
   */
  record Wanted(long largest) implements UploadVerdict {}

  /** The result is on disk where it belongs, and counts; only for complete bytes. */
  record Accepted() implements UploadVerdict {}

  record Duplicate() implements UploadVerdict {}

  /**
   * The result is not wanted. The handler that decides this also records it.
   *
   * @param detail the rule and the value that broke it
   */
  record Refused(RefusalReason reason, String detail) implements UploadVerdict {}

  /** The server cannot decide: the call fails, and the client asks the next server the same. */
  record Unavailable(String detail) implements UploadVerdict {}
}
