package io.espalier.actors.federation.gateway;

/** Whether a result may be uploaded, decided from its header alone. */
public sealed interface Admission
    permits Admission.Wanted, Verdict.Duplicate, Verdict.Refused, Verdict.Unavailable {
  /**
   * It may.
   *
   * @param largest bytes that it may have
   */
  record Wanted(long largest) implements Admission {}
}
