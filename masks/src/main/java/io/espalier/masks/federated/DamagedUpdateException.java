package io.espalier.masks.federated;

/** Bytes are not those of an update's values. */
public final class DamagedUpdateException extends RuntimeException {
  /** What is wrong. */
  public enum Fault {
    /** There are more or fewer bytes than the values take. */
    LENGTH,
    /** A value, or the scale of a block, is infinite or not a number. */
    NOT_FINITE,
    /** No encoder writes such bytes. */
    MALFORMED
  }

  private final Fault fault;

  DamagedUpdateException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
