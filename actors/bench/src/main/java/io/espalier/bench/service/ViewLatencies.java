package io.espalier.bench.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.console.CommandRefusedException;
import java.util.List;
import java.util.Locale;

/** One view's latencies from event to frame, and its tasks above 0.05; all in seconds. */
record ViewLatencies(String view, List<Double> latencies, List<Double> longTasks) {
  private static final double MOST_SECONDS = 1;
  private static final double SHARE = 0.95;

  ViewLatencies {
    latencies = List.copyOf(latencies);
    longTasks = List.copyOf(longTasks);
    if (latencies.isEmpty()) {
      throw new CommandRefusedException(
          "the page must show events of runs that go on: view=%s showed none".formatted(view));
    }
  }

  static ViewLatencies of(JsonNode result, String view) {
    return new ViewLatencies(
        view,
        DrawTimes.seconds(result.path("latencies")),
        DrawTimes.seconds(result.path("longTasks")));
  }

  List<Figure> figures() {
    double longest = longTasks.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return List.of(
        new Figure(
            "seconds from event to pixel",
            view,
            Measurements.of(latencies),
            String.format(Locale.ROOT, "%,d draws", latencies.size())),
        new Figure(
            "seconds from event to pixel, 95th percentile",
            view,
            Measurements.of(List.of(percentile())),
            String.format(
                Locale.ROOT,
                "longest %.3f s",
                latencies.stream().mapToDouble(Double::doubleValue).max().orElse(0)),
            Budget.atMost(MOST_SECONDS)),
        new Figure(
            "seconds of the longest task",
            view,
            Measurements.of(List.of(longest)),
            String.format(Locale.ROOT, "%d tasks beyond 0.05 s", longTasks.size())));
  }

  /** The smallest latency that so many do not exceed. */
  double percentile() {
    List<Double> sorted = latencies.stream().sorted().toList();
    return sorted.get((int) Math.ceil(SHARE * sorted.size()) - 1);
  }
}
