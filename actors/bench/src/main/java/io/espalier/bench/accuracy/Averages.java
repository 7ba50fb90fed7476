package io.espalier.bench.accuracy;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Numbers of several seeds as text. */
public final class Averages {
  static final String NONE = "—";

  private Averages() {}

  static <T> double mean(Collection<T> values, ToDoubleFunction<T> value) {
    return values.stream().mapToDouble(value).average().orElseThrow();
  }

  /** Returns mean ± sample standard deviation, or the value if there is one only. */
  public static String meanAndDeviation(List<Double> values) {
    if (values.size() < 2) {
      return values.isEmpty() ? NONE : number(values.get(0));
    }
    double mean = mean(values, each -> each);
    double squares = values.stream().mapToDouble(each -> Math.pow(each - mean, 2)).sum();
    return spread(mean, Math.sqrt(squares / (values.size() - 1)));
  }

  /** Returns mean ± half the range, or the value if there is one only. */
  static String meanAndHalfRange(List<Double> values) {
    if (values.size() < 2) {
      return values.isEmpty() ? NONE : number(values.get(0));
    }
    var statistics = values.stream().mapToDouble(each -> each).summaryStatistics();
    return spread(statistics.getAverage(), (statistics.getMax() - statistics.getMin()) / 2);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String spread(double mean, double spread) {
    return String.format(Locale.ROOT, "%.2f ± %.2f", mean, spread);
  }
}
