package io.espalier.federation.server;

/** Whether a result may be uploaded, decided from its header alone. */
public sealed interface UploadAdmission
    permits UploadAdmission.Wanted,
        UploadVerdict.Duplicate,
        UploadVerdict.Refused,
        UploadVerdict.Unavailable {
  /**
   * It may.
   *
   * @param largest bytes that it may have
   */
  record Wanted(long largest) implements UploadAdmission {}
}
