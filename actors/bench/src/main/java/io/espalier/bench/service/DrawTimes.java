package io.espalier.bench.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long the page took to draw, round by round, in seconds.
 *
 * @param paints until anything was painted
 * @param lists until the list of runs was drawn
 * @param pages until a run's first chart was drawn, from the list
 * @param longTasks the longest task of each round, which draws a whole run; 0 if none exceeded 0.05
 */
record DrawTimes(
    int runs,
    int series,
    List<Double> paints,
    List<Double> lists,
    List<Double> pages,
    List<Double> longTasks) {
  private static final Optional<Budget> WANTED = Optional.of(Budget.atMost(2));

  DrawTimes {
    paints = List.copyOf(paints);
    lists = List.copyOf(lists);
    pages = List.copyOf(pages);
    longTasks = List.copyOf(longTasks);
  }

  static DrawTimes of(JsonNode result, int runs, int series) {
    return new DrawTimes(
        runs,
        series,
        seconds(result.path("paints")),
        seconds(result.path("lists")),
        seconds(result.path("runs")),
        seconds(result.path("longTasks")));
  }

  List<Figure> figures() {
    String network = String.format(Locale.ROOT, "%,d runs, %,d series", runs, series);
    List<Figure> figures = new ArrayList<>();
    if (!paints.isEmpty()) {
      figures.add(figure("seconds to the first paint", network, paints, WANTED));
    }
    figures.add(figure("seconds to the list of runs", network, lists, WANTED));
    figures.add(figure("seconds to the first chart of a run", network, pages, WANTED));
    figures.add(
        figure("seconds of the longest task while drawing", network, longTasks, Optional.empty()));
    return figures;
  }

  private static Figure figure(
      String what, String network, List<Double> seconds, Optional<Budget> budget) {
    return new Figure(
        what,
        network,
        Measurements.of(seconds),
        String.format(Locale.ROOT, "%.2f s the first time", seconds.get(0)),
        budget);
  }

  static List<Double> seconds(JsonNode milliseconds) {
    List<Double> seconds = new ArrayList<>();
    milliseconds.forEach(each -> seconds.add(each.asDouble() / 1e3));
    return seconds;
  }
}
