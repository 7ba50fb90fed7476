package io.espalier.telemetry.live;

import java.util.HashSet;
import java.util.Set;

/**
 * The received sequences of one source and topic, in any order; only gaps take memory. Not
 * thread-safe.
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
