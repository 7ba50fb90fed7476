package io.espalier.actors.transport;

/**
 * Names one transfer, once and for all.
 *
 * @param term reign of the coordinator in which it was sent
 * @param trainer the trainer at one of its ends
 * @param incarnation of that trainer
 * @param direction which way it goes
 * @param number counts the transfers of this incarnation in this direction
 */
public record TransferId(
    long term, int trainer, int incarnation, Direction direction, long number) {
  /** Which way a transfer goes; the position in this list is its code on the wire. */
  public enum Direction {
    TO_COORDINATOR,
    TO_TRAINER
  }

  /** Whether this belongs to an earlier life of the same end than {@code other}. */
  boolean isOutlivedBy(TransferId other) {
    return trainer == other.trainer
        && direction == other.direction
        && (term < other.term || (term == other.term && incarnation < other.incarnation));
  }
}
