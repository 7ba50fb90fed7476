package io.espalier.trainer.stream;

/**
 * Evenly spread held-out examples of a stream: of the first n accepted ones {@code floor(share · n + 1e-9)}. With 5% that is every 20th.
 *
 * @param share above 0, at most 0.5
 */
public record HoldOut(double share) {
  /**
   * @param index accepted examples before this one
   */
  public boolean contains(long index) {
    return count(index + 1) > count(index);
  }

  public long count(long accepted) {
    return (long) Math.floor(share * accepted + 1e-9);
  }

  /** Whether an example is held out before the last of {@code trained} training examples. */
  public boolean precedes(long trained) {
    return count(trained) >= 1;
  }
}
