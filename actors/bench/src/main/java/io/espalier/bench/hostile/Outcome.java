package io.espalier.bench.hostile;

import java.util.List;

/**
 * What became of the attacks by one kind of input.
 *
 * @param failures one line for each attack that broke a rule, with its number
 */
record Outcome(
    InputKind kind,
    int inputs,
    AttackCounts counts,
    double longestSeconds,
    long peakBytes,
    List<String> failures) {
  Outcome {
    failures = List.copyOf(failures);
  }

  /**
   * How many attacks ended in which way.
   *
   * @param unexpected stack traces, unexpected failures, exhausted memory and dead processes
   * @param hung attacks that took too long
   * @param left files
   */
  record AttackCounts(int read, int refused, int unexpected, int hung, int left) {}
}
