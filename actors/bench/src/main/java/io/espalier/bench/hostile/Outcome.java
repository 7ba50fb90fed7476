package io.espalier.bench.hostile;

import java.util.List;

/**
 * What became of the attacks by one kind of input.
 *
 * @param unexpected stack traces, unexpected failures, exhausted memory and dead processes
 * @param hung attacks that took too long
 * @param failures one line for each attack that broke a rule, with its number
 */
record Outcome(
    InputKind kind,
    int inputs,
    int read,
    int refused,
    int unexpected,
    int hung,
    int left,
    double longestSeconds,
    long peakBytes,
    List<String> failures) {
  Outcome {
    failures = List.copyOf(failures);
  }
}
