package io.espalier.federation.server;

import io.espalier.federation.refusal.RefusalReason;

/** The verdict on a result, decided from its header and again when its bytes are complete. */
public sealed interface UploadVerdict {
  /** For a header only: the result may be uploaded with at most {@code largest} bytes. */
  record Wanted(long largest) implements UploadVerdict {}

  /** The result is on disk where it belongs, and counts; only for complete bytes. */
  record Accepted() implements UploadVerdict {}

  record Duplicate() implements UploadVerdict {}

  /** Not wanted, as recorded by the handler; {@code detail} has the broken rule and value. */
  record Refused(RefusalReason reason, String detail) implements UploadVerdict {}

  /** The server cannot decide: the call fails, and the client asks the next server the same. */
  record Unavailable(String detail) implements UploadVerdict {}
}
