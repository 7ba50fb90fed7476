package io.espalier.training.transport;

/**
 * The unique name of a transfer.
 *
 * @param term of the run epoch in which it was sent
 * @param trainer at one of its ends
 * @param number counts the transfers of this incarnation in this direction
 */
public record TransferId(
    long term, int trainer, int incarnation, Direction direction, long number) {
  public enum Direction {
    TO_COORDINATOR(1),
    TO_TRAINER(2);

    private final int code;

    Direction(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    public static Direction ofCode(int code) {
      for (Direction direction : values()) {
        if (direction.code == code) {
          return direction;
        }
      }
      throw new IllegalStateException("a transfer's direction must be 1 or 2: direction=" + code);
    }
  }

  record End(int trainer, Direction direction) {}

  End end() {
    return new End(trainer, direction);
  }

  /** Whether {@code other} is of a later incarnation of the same end. */
  boolean isSupersededBy(TransferId other) {
    return end().equals(other.end())
        && (term < other.term || (term == other.term && incarnation < other.incarnation));
  }
}
