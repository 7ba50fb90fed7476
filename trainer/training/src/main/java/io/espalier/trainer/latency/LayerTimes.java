package io.espalier.trainer.latency;

import java.util.List;

/**
 * Layer times on a grid of ascending widths, interpolated linearly, constant below the narrowest.
 * Noise only adds time: a measurement counts as the shortest of all no narrower.
 *
 * @param nanoseconds one row for each width of inputs, in it one time for each of outputs
 */
record LayerTimes(List<Integer> inputs, List<Integer> outputs, List<List<Long>> nanoseconds) {
  LayerTimes {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nanoseconds = nanoseconds.stream().map(List::copyOf).toList();
    int columns = outputs.size();
    if (!ascends(inputs)
        || !ascends(outputs)
        || nanoseconds.size() != inputs.size()
        || nanoseconds.stream().anyMatch(row -> row.size() != columns)
        || nanoseconds.stream().flatMap(List::stream).anyMatch(time -> time < 1)) {
      throw new IllegalArgumentException(
          "times must be 1 or more for each pair of ascending widths of 1 or more: inputs=%s, outputs=%s, nanoseconds=%s"
              .formatted(inputs, outputs, nanoseconds));
    }
  }

  private static boolean ascends(List<Integer> widths) {
    boolean ascends = !widths.isEmpty() && widths.get(0) >= 1;
    for (int i = 1; ascends && i < widths.size(); i++) {
      ascends = widths.get(i) > widths.get(i - 1);
    }
    return ascends;
  }

  boolean covers(List<Integer> otherInputs, List<Integer> otherOutputs) {
    return reaches(inputs, otherInputs) && reaches(outputs, otherOutputs);
  }

  private static boolean reaches(List<Integer> widths, List<Integer> others) {
    return widths.get(0) <= others.get(0)
        && widths.get(widths.size() - 1).equals(others.get(others.size() - 1));
  }

  /** Nanoseconds at some widths, from 0 to the whole ones; 0 where one is 0. */
  long at(int inputWidth, int outputWidth) {
    if (inputWidth == 0 || outputWidth == 0) {
      return 0;
    }
    int i = before(inputs, inputWidth);
    int o = before(outputs, outputWidth);
    double alongInputs = share(inputs, i, inputWidth);
    double alongOutputs = share(outputs, o, outputWidth);
    double low = between(shortest(i, o), shortest(i, o + 1), alongOutputs);
    double high = between(shortest(i + 1, o), shortest(i + 1, o + 1), alongOutputs);
    return Math.round(between(low, high, alongInputs));
  }

  /** The last width that is no more than {@code width}, or the first. */
  private static int before(List<Integer> widths, int width) {
    int at = 0;
    while (at + 1 < widths.size() && widths.get(at + 1) <= width) {
      at++;
    }
    return at;
  }

  private static double share(List<Integer> widths, int at, int width) {
    if (at + 1 == widths.size()) {
      return 0;
    }
    double whole = widths.get(at + 1) - widths.get(at);
    return Math.max(0, (width - widths.get(at)) / whole);
  }

  private static double between(double low, double high, double share) {
    return low + (high - low) * share;
  }

  /** The shortest time of the grid from one place on, which is the last of its side at most. */
  private double shortest(int input, int output) {
    long shortest = Long.MAX_VALUE;
    for (int i = Math.min(input, inputs.size() - 1); i < inputs.size(); i++) {
      for (int o = Math.min(output, outputs.size() - 1); o < outputs.size(); o++) {
        shortest = Math.min(shortest, nanoseconds.get(i).get(o));
      }
    }
    return (double) shortest;
  }
}
