package io.espalier.bench.idle;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.RatioBudget;
import io.espalier.bench.harness.ResultStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a service used in one situation.
 *
 * @param seconds of the whole measurement
 * @param cpuShares of one core, in parts of the measurement of equal length
 * @param busiest threads, with their shares of one core
 */
record IdleResult(
    IdleScenario situation,
    int seconds,
    List<Double> cpuShares,
    long residentBytes,
    int threads,
    List<String> busiest)
    implements ResultStore.Keyed {
  private static final double MOST_CPU = 0.05;
  private static final double MOST_MEGABYTES = 600;

  IdleResult {
    cpuShares = List.copyOf(cpuShares);
    busiest = List.copyOf(busiest);
  }

  @Override
  public String key() {
    return key(situation, seconds);
  }

  static String key(IdleScenario situation, int seconds) {
    return situation + " " + seconds;
  }

  /** CPU and memory; the budget of memory is for a service that has not loaded the engine. */
  List<Figure> figures() {
    return List.of(
        new Figure(
            "share of a core over %d s".formatted(seconds),
            situation.text(),
            Measurements.of(cpuShares),
            String.join(", ", busiest),
            Optional.of(RatioBudget.atMost(MOST_CPU))),
        new Figure(
            "resident MB",
            situation.text(),
            Measurements.of(List.of(residentBytes / 1e6)),
            String.format(Locale.ROOT, "%d threads", threads),
            situation == IdleScenario.NO_RUN_YET
                ? Optional.of(RatioBudget.atMost(MOST_MEGABYTES))
                : Optional.empty()));
  }
}
