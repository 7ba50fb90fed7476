package io.espalier.telemetry.live;

import java.util.HashSet;
import java.util.Set;

/**
 * The sequences of one source and topic that have come, in any order. Needs no memory for those
 * without gaps. Not thread-safe.
 */
final class SeenSequences {
  private final Set<Long> beyond = new HashSet<>();
  private long upTo;

  boolean add(long sequence) {
    if (sequence <= upTo || !beyond.add(sequence)) {
      return false;
    }
    while (beyond.remove(upTo + 1)) {
      upTo++;
    }
    return true;
  }
}
