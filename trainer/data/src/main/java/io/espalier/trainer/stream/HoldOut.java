package io.espalier.trainer.stream;

/** Evenly spread held-out examples: of the first n, {@code floor(share · n + 1e-9)}. */
public record HoldOut(double share) {
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
