package io.espalier.bench.accuracy;

import io.espalier.bench.harness.Axis;
import io.espalier.bench.harness.Svg;
import java.util.List;
import java.util.stream.Stream;

/**
 * The trade of processor time against accuracy, or bits per character, as SVG: a point for each
 * line, its mean with bars from the least to the most of its seeds, and a dashed line for each
 * result of another program, whose time is unknown.
 */
final class ShrinkPicture {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 460;
  private static final int LEFT = 60;
  private static final int TOP = 24;
  private static final int PLOT_WIDTH = 500;
  private static final int PLOT_HEIGHT = 380;
  private static final int LIST = LEFT + PLOT_WIDTH + 24;
  private static final int LINE = 17;

  private final boolean isText;
  private final List<ShrinkPoint> points;
  private final List<ReferencePoint> references;
  private final Axis times;
  private final Axis qualities;
  private final Svg svg;

  private ShrinkPicture(boolean isText, List<ShrinkPoint> points, List<ReferencePoint> references) {
    this.isText = isText;
    this.points = points;
    this.references = references;
    this.times = Axis.of(points.stream().map(ShrinkPoint::time).flatMap(ShrinkPicture::ends));
    this.qualities =
        Axis.of(
            Stream.concat(
                points.stream().map(ShrinkPoint::quality).flatMap(ShrinkPicture::ends),
                references.stream().flatMap(each -> each.accuracies().stream())));
    int list = (points.size() + references.size() + Share.values().length + 3) * LINE;
    this.svg =
        new Svg(WIDTH, Math.max(HEIGHT, TOP + list), "Time of training against " + quality());
  }

  /** The picture of results with a dense network of each seed. */
  static String svg(
      ShrinkStudy study, List<ShrinkResult> results, List<ReferencePoint> references) {
    List<ShrinkPoint> points = ShrinkPoint.of(study.isText(), results);
    return new ShrinkPicture(study.isText(), points, references).svg();
  }

  private static Stream<Double> ends(ShrinkPoint.Range range) {
    return Stream.of(range.least(), range.most());
  }

  private String quality() {
    return isText ? "bits per character" : "accuracy, %";
  }

  private String svg() {
    axes();
    references.forEach(this::reference);
    for (int i = 0; i < points.size(); i++) {
      point(i + 1, points.get(i));
    }
    list();
    return svg.end();
  }

  private void axes() {
    for (double tick : times.ticks()) {
      svg.add(
          "<path d=\"M%.1f %dv%d\" stroke=\"#e5e7eb\"/><text x=\"%.1f\" y=\"%d\""
              + " text-anchor=\"middle\">%.2f</text>",
          x(tick), TOP, PLOT_HEIGHT, x(tick), TOP + PLOT_HEIGHT + 18, tick);
    }
    for (double tick : qualities.ticks()) {
      svg.add(
          "<path d=\"M%d %.1fh%d\" stroke=\"#e5e7eb\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\">%.2f</text>",
          LEFT, y(tick), PLOT_WIDTH, LEFT - 6, y(tick) + 4, tick);
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">processor time, dense = 1</text>",
        LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 40);
    svg.add("<text x=\"%d\" y=\"16\" font-weight=\"bold\">%s</text>", LEFT, quality());
  }

  private void reference(ReferencePoint of) {
    svg.add(
        "<path d=\"M%d %.1fh%d\" stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"/>",
        LEFT, y(of.mean()), PLOT_WIDTH, Share.of(of.kept()).colour);
  }

  private void point(int number, ShrinkPoint point) {
    double x = x(point.time().mean());
    double y = y(point.quality().mean());
    String colour = Share.of(point.macs()).colour;
    svg.add(
        "<path d=\"M%.1f %.1fH%.1fM%.1f %.1fV%.1f\" stroke=\"%s\"/>",
        x(point.time().least()),
        y,
        x(point.time().most()),
        x,
        y(point.quality().least()),
        y(point.quality().most()),
        colour);
    svg.add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/><text x=\"%.1f\""
            + " y=\"%.1f\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">%d</text>",
        x, y, colour, x + 6, y - 6, number);
  }

  private void list() {
    int y = TOP + 6;
    for (int i = 0; i < points.size(); i++) {
      ShrinkPoint point = points.get(i);
      svg.add(
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%d  %s: %.2f at %.2f</text>",
          LIST,
          y,
          Share.of(point.macs()).colour,
          i + 1,
          point.row(),
          point.quality().mean(),
          point.time().mean());
      y += LINE;
    }
    for (ReferencePoint each : references) {
      svg.add(
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">– – %s, time not measured</text>",
          LIST, y, Share.of(each.kept()).colour, each.text());
      y += LINE;
    }
    y += LINE;
    svg.add("<text x=\"%d\" y=\"%d\">multiply-accumulates, dense = 1:</text>", LIST, y);
    for (Share share : Share.values()) {
      y += LINE;
      svg.add("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>", LIST, y, share.colour, share.text);
    }
  }

  private double x(double time) {
    return LEFT + PLOT_WIDTH * times.share(time);
  }

  private double y(double quality) {
    return TOP + PLOT_HEIGHT * (1 - qualities.share(quality));
  }

  /** Colours by the kept share of the multiply-accumulates. */
  private enum Share {
    MOST("#6b7280", "0.85 and more", 0.85),
    HIGH("#15803d", "0.60 to 0.85", 0.6),
    HALF("#2563eb", "0.35 to 0.60", 0.35),
    FEW("#c2410c", "below 0.35", 0);

    private final String colour;
    private final String text;
    private final double least;

    Share(String colour, String text, double least) {
      this.colour = colour;
      this.text = text;
      this.least = least;
    }

    static Share of(double macs) {
      return Stream.of(values()).filter(each -> macs >= each.least).findFirst().orElse(FEW);
    }
  }
}
