package io.espalier.service;

/** Who submits runs and uploads data: whose they become, what is seen, and what they may have. */
public record Submitter(Ownership ownership, View view, Quotas quotas) {
  /** The service's operator, whose runs have no owner. */
  public static final Submitter OPERATOR =
      new Submitter(Ownership.UNKNOWN, View.WHOLE, Quotas.NONE);
}
