package io.espalier.telemetry.live;

import java.util.HashSet;
import java.util.Set;

/**
 * Which sequences of one source and topic have come; they may come in any order. Takes no memory
 * for those that came without gaps. Not thread-safe.
 */
final class SeenSequences {
  private final Set<Long> beyond = new HashSet<>();
  private long upTo;

  /** Notes a sequence, from 1; tells whether it is new. */
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
