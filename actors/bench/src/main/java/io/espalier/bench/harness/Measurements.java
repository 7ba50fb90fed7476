package io.espalier.bench.harness;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The median and quartiles of a measurement over rounds, which a disturbed round does not move. */
public record Measurements(double median, double lower, double upper) {
  /** Median and quartiles, by linear interpolation between ranks. */
  public static Measurements of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("a sample must have a value: values=0");
    }
    Arrays.sort(sorted);
    return new Measurements(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75));
  }

  /** Ratios of two series that were measured in turns, round by round. */
  public static Measurements ofRatios(List<Double> values, List<Double> bases) {
    return of(
        IntStream.range(0, values.size())
            .mapToObj(round -> values.get(round) / bases.get(round))
            .toList());
  }

  private static double quantile(double[] sorted, double share) {
    double rank = share * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  /** The median with the quartiles in brackets. */
  public String shown() {
    return String.format(Locale.ROOT, "%.3f (%.3f–%.3f)", median, lower, upper);
  }
}
