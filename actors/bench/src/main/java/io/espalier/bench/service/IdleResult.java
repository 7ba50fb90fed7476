package io.espalier.bench.service;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.ResultStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Use of CPU and memory by a service in one scenario.
 *
 * @param cpuShares of one core, in parts of the measurement of equal length
 * @param busiest threads, with their shares of one core
 */
record IdleResult(
    Scenario scenario,
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
    return key(scenario, seconds);
  }

  static String key(Scenario scenario, int seconds) {
    return scenario + " " + seconds;
  }

  /** CPU and memory; the budget of memory is for a service that has not loaded the engine. */
  List<Figure> figures() {
    return List.of(
        new Figure(
            "share of a core over %d s".formatted(seconds),
            scenario.text(),
            Measurements.of(cpuShares),
            String.join(", ", busiest),
            Budget.atMost(MOST_CPU)),
        new Figure(
            "resident MB",
            scenario.text(),
            Measurements.of(List.of(residentBytes / 1e6)),
            String.format(Locale.ROOT, "%d threads", threads),
            Optional.of(Budget.atMost(MOST_MEGABYTES))
                .filter(budget -> scenario == Scenario.NO_RUN_YET)));
  }

  /** The load of a service while it is measured. */
  enum Scenario {
    NO_RUN_YET("service, no run yet"),
    RUN_ENDED("after a run has ended"),
    PAUSED_AND_LISTENED("a paused run with a listener");

    private final String text;

    Scenario(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }
}
