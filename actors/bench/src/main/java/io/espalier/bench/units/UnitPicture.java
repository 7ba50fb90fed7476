package io.espalier.bench.units;

import io.espalier.bench.harness.Axis;
import io.espalier.bench.harness.Svg;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The trade of a step's time against accuracy, or bits per character, as SVG: a mark for each unit,
 * with a bar from the least to the most of its seeds, and its number in a list.
 */
final class UnitPicture {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 400;
  private static final int LEFT = 60;
  private static final int TOP = 48;
  private static final int PLOT_WIDTH = 500;
  private static final int PLOT_HEIGHT = 290;
  private static final int LIST = LEFT + PLOT_WIDTH + 28;
  private static final int LINE = 21;
  private static final String DENSE = "#6b7280";
  private static final List<String> COLOURS =
      List.of(
          "#c2410c", "#2563eb", "#1d4ed8", "#1e3a8a", "#15803d", "#b45309", "#7c3aed", "#be185d");

  private final UnitStudy study;
  private final List<UnitPoint> points;
  private final Axis times;
  private final Axis qualities;
  private final Svg svg;

  private UnitPicture(UnitStudy study, List<UnitPoint> points) {
    this.study = study;
    this.points = points;
    Axis around =
        Axis.of(Stream.concat(Stream.of(0.0), points.stream().map(UnitPoint::toDenseEngine)));
    this.times = new Axis(0, around.high(), around.tick());
    this.qualities = Axis.of(points.stream().flatMap(each -> each.qualities().stream()));
    this.svg =
        new Svg(
            WIDTH,
            Math.max(HEIGHT, TOP + (points.size() + 2) * LINE),
            "%s by the unit of pruning".formatted(study.network()));
  }

  /** The picture of one network's lines. */
  static String svg(UnitStudy study, List<UnitPoint> points) {
    return new UnitPicture(study, points).svg();
  }

  private String svg() {
    svg.add(
        "<text x=\"%d\" y=\"20\" font-size=\"14\" font-weight=\"bold\">%s</text>",
        LEFT, study.network());
    axes();
    for (int i = 0; i < points.size(); i++) {
      bar(i);
    }
    for (int i = 0; i < points.size(); i++) {
      mark(i);
      line(i);
    }
    return svg.end();
  }

  private void axes() {
    for (double tick : times.ticks()) {
      svg.add(
          "<path d=\"M%.1f %dv%d\" stroke=\"#e5e7eb\"/><text x=\"%.1f\" y=\"%d\""
              + " text-anchor=\"middle\">%.1f</text>",
          x(tick), TOP, PLOT_HEIGHT, x(tick), TOP + PLOT_HEIGHT + 18, tick);
    }
    for (double tick : qualities.ticks()) {
      svg.add(
          "<path d=\"M%d %.1fh%d\" stroke=\"#e5e7eb\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\">%s</text>",
          LEFT, y(tick), PLOT_WIDTH, LEFT - 6, y(tick) + 4, number(tick));
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time of a step, the engine's dense step"
            + " = 1</text>",
        LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 40);
    svg.add(
        "<text x=\"%d\" y=\"%d\">%s</text>",
        LEFT, TOP - 10, study.isText() ? "bits per character (less is better)" : "accuracy, %");
  }

  private void bar(int at) {
    UnitPoint point = points.get(at);
    svg.add(
        "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>",
        x(point.toDenseEngine()),
        y(Collections.min(point.qualities())),
        y(Collections.max(point.qualities())),
        colour(at));
  }

  private void mark(int at) {
    UnitPoint point = points.get(at);
    badge(x(point.toDenseEngine()), y(point.quality()), at);
  }

  private void badge(double x, double y, int at) {
    svg.add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\" fill=\"%s\" stroke=\"#ffffff\"/><text x=\"%.1f\""
            + " y=\"%.1f\" font-size=\"10\" fill=\"#ffffff\" text-anchor=\"middle\">%d</text>",
        x, y, colour(at), x, y + 3.5, at + 1);
  }

  private void line(int at) {
    UnitPoint point = points.get(at);
    double y = TOP + 8 + at * LINE;
    badge(LIST, y, at);
    svg.add(
        "<text x=\"%d\" y=\"%.1f\">%s: %s at %.2f</text>",
        LIST + 14, y + 4, point.unit(), number(point.quality()), point.toDenseEngine());
  }

  private String number(double quality) {
    return String.format(Locale.ROOT, study.isText() ? "%.2f" : "%.1f", quality);
  }

  private String colour(int at) {
    long pruned = points.subList(0, at).stream().filter(each -> !each.isDense()).count();
    return points.get(at).isDense() ? DENSE : COLOURS.get((int) (pruned % COLOURS.size()));
  }

  private double x(double time) {
    return LEFT + PLOT_WIDTH * times.share(time);
  }

  private double y(double quality) {
    return TOP + PLOT_HEIGHT * (1 - qualities.share(quality));
  }
}
