package io.espalier.service;

import java.util.Optional;

/** The service refuses a request; the message names the rule, the value and the way out. */
public final class RefusedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final transient Optional<FullQuota> quota;

  public enum Reason {
    NO_SUCH_RUN,
    NOT_IN_THIS_STATE,
    /** The idempotency key belongs to another submission. */
    KEY_IN_USE,
    FULL,
    /** A quota of the caller's owner or project. */
    QUOTA_FULL,
    NO_SUCH_DATA,
    /** An unfinished run uses the data set. */
    DATA_IN_USE,
    /** The name belongs to another data set. */
    DATA_EXISTS,
    INVALID_DATA,
    TOO_LARGE,
    TOO_SLOW,
    /** The limit of all data sets is reached, or the disk is full. */
    NO_ROOM,
    /** The service cannot answer at present, such as while a node takes over. */
    UNAVAILABLE
  }

  public RefusedRequestException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.quota = Optional.empty();
  }

  public RefusedRequestException(FullQuota full) {
    super(full.message());
    this.reason = Reason.QUOTA_FULL;
    this.quota = Optional.of(full);
  }

  /** Refuses a run that does not exist, or not for the caller. */
  public static RefusedRequestException noSuchRun(String run) {
    return new RefusedRequestException(
        Reason.NO_SUCH_RUN, "a run must exist: run=" + run + "; list the runs to see their ids");
  }

  public Reason reason() {
    return reason;
  }

  /** The quota that is full; empty for other reasons. */
  public Optional<FullQuota> quota() {
    return quota;
  }
}
