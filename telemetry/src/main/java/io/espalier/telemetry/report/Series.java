package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A value over steps, thinned out for a chart so that no peak is lost.
 *
 * @param points in rising order of steps
 */
record Series(List<Point> points) {
  /** The most points that a chart gets. */
  static final int MOST_POINTS = 2_000;

  /** A value at a step; the value may be NaN or infinite. */
  record Point(long step, double value) {}

  Series {
    points = List.copyOf(points);
  }

  static Series of(SortedMap<Long, Double> values) {
    List<Point> points = new ArrayList<>(values.size());
    for (Map.Entry<Long, Double> entry : values.entrySet()) {
      points.add(new Point(entry.getKey(), entry.getValue()));
    }
    return new Series(points).thinned(MOST_POINTS);
  }

  /**
   * At most {@code most} points: the smallest and the largest of each of {@code most / 2} stretches
   * of equally many points.
   */
  Series thinned(int most) {
    if (points.size() <= most) {
      return this;
    }
    int stretches = most / 2;
    List<Point> kept = new ArrayList<>(most);
    for (int i = 0; i < stretches; i++) {
      int from = (int) ((long) i * points.size() / stretches);
      int to = (int) ((long) (i + 1) * points.size() / stretches);
      keepExtremes(points.subList(from, to), kept);
    }
    return new Series(kept);
  }

  private static void keepExtremes(List<Point> stretch, List<Point> kept) {
    Point low = stretch.get(0);
    Point high = low;
    for (Point point : stretch) {
      low = point.value() < low.value() ? point : low;
      // A value that is no number must show, as the gap that it makes.
      high = point.value() > high.value() || Double.isNaN(point.value()) ? point : high;
    }
    kept.add(low.step() <= high.step() ? low : high);
    if (low.step() != high.step()) {
      kept.add(low.step() <= high.step() ? high : low);
    }
  }

  /** The form of the page: {@code [[steps], [values]]}, null where a value is no number. */
  ArrayNode json() {
    ArrayNode table = JsonNodeFactory.instance.arrayNode();
    ArrayNode steps = table.addArray();
    ArrayNode values = table.addArray();
    for (Point point : points) {
      steps.add(point.step());
      if (Double.isFinite(point.value())) {
        values.add(point.value());
      } else {
        values.addNull();
      }
    }
    return table;
  }
}
