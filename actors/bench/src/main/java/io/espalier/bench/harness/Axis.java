package io.espalier.bench.harness;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;

/** An axis of a picture: whole ticks around some values. */
public record Axis(double low, double high, double tick) {
  private static final int TICKS = 8;

  public static Axis of(Stream<Double> values) {
    DoubleSummaryStatistics range = values.mapToDouble(Double::doubleValue).summaryStatistics();
    double width = Math.max(0.01, range.getMax() - range.getMin());
    double decade = Math.pow(10, Math.floor(Math.log10(width / TICKS)));
    double tick =
        Stream.of(1, 2, 5, 10)
            .map(each -> each * decade)
            .filter(each -> width / each <= TICKS)
            .findFirst()
            .orElseThrow();
    return new Axis(
        tick * Math.floor(range.getMin() / tick - 0.25),
        tick * Math.ceil(range.getMax() / tick + 0.25),
        tick);
  }

  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (long i = Math.round(low / tick); i <= Math.round(high / tick); i++) {
      ticks.add(i * tick);
    }
    return ticks;
  }

  /** Where a value lies, from 0 at the low end to 1 at the high one. */
  public double share(double value) {
    return (value - low) / (high - low);
  }
}
