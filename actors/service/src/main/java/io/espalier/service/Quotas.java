package io.espalier.service;

/** The quotas that a caller's submissions and uploads count against. */
public record Quotas(Quota owner, Quota project) {
  public static final Quotas NONE = new Quotas(Quota.NONE, Quota.NONE);

  /** The quotas for the subject of a call: another owner's counts are not the caller's. */
  public Quotas of(Ownership caller, Ownership subject) {
    return new Quotas(
        caller.owner().equals(subject.owner()) ? owner : Quota.NONE,
        caller.project().equals(subject.project()) ? project : Quota.NONE);
  }
}
