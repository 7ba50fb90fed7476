package io.espalier.federation.simulation;

import java.util.List;

/**
 * The end of a round.
 *
 * @param reported clients whose results count, in the order of their names
 * @param late clients that were still at work
 * @param lost clients that had left
 * @param equipped clients that had downloaded everything
 * @param bytesDown that reached clients
 */
record RoundOutcome(
    long startMs,
    long endMs,
    int invited,
    List<String> reported,
    List<String> late,
    List<String> lost,
    List<String> equipped,
    int refused,
    long bytesDown) {
  public RoundOutcome {
    reported = List.copyOf(reported);
    late = List.copyOf(late);
    lost = List.copyOf(lost);
    equipped = List.copyOf(equipped);
  }

  /** From the first invitation to the close. */
  public double seconds() {
    return (endMs - startMs) / 1e3;
  }
}
