package io.espalier.trainer.stream;

/**
 * Which examples of a stream are held out, spread evenly: of the first n accepted ones {@code
 * floor(share · n + 1e-9)}. With 5% that is every 20th.
 *
 * @param share above 0, at most 0.5
 */
public record HoldOut(double share) {
  /** Whether the example that has {@code index} accepted ones before it is never trained on. */
  public boolean contains(long index) {
    return count(index + 1) > count(index);
  }

  /** Held-out examples among the first {@code accepted}. */
  public long count(long accepted) {
    return (long) Math.floor(share * accepted + 1e-9);
  }

  /** Whether there is one before the last of {@code trained} examples that are trained on. */
  public boolean precedes(long trained) {
    return count(trained) >= 1;
  }
}
