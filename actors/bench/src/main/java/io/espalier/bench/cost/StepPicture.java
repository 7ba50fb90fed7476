package io.espalier.bench.cost;

import io.espalier.bench.harness.Svg;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Times of steps against sparsity, a panel for each network, as SVG. */
final class StepPicture {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 300;
  private static final int LEGEND = 500;
  private static final int LEFT = 48;
  private static final int TOP = 52;
  private static final int PLOT_WIDTH = 226;
  private static final int PLOT_HEIGHT = 196;
  private static final String ENGINE = "#6b7280";
  private static final String CHANNELS = "#2563eb";
  private static final String WEIGHTS = "#c2410c";

  private StepPicture() {}

  static String svg(List<StepTimesBySparsity> networks) {
    int width = Math.max(LEGEND, WIDTH * networks.size());
    Svg svg = new Svg(width, HEIGHT, "Time of a training step against sparsity");
    legend(svg);
    for (int i = 0; i < networks.size(); i++) {
      svg.add("<g transform=\"translate(%d 0)\">", i * WIDTH);
      panel(svg, networks.get(i));
      svg.add("</g>");
    }
    return svg.end();
  }

  private static void legend(Svg svg) {
    List<String> names = List.of("engine, all weights", "fewer channels", "kept weights only");
    List<String> colours = List.of(ENGINE, CHANNELS, WEIGHTS);
    for (int i = 0; i < names.size(); i++) {
      int at = LEFT + 150 * i;
      svg.add(
          "<path d=\"M%d 16h22\" stroke=\"%s\" stroke-width=\"2\"/><text x=\"%d\""
              + " y=\"20\">%s</text>",
          at, colours.get(i), at + 28, names.get(i));
    }
  }

  private static void panel(Svg svg, StepTimesBySparsity network) {
    double[] weights = network.shares(false);
    double[] channels = network.shares(true);
    double top = 1;
    for (int i = 0; i < weights.length; i++) {
      top = Math.max(top, Math.max(weights[i], channels[i]));
    }
    top = Math.ceil(4 * top) / 4;
    svg.add("<text x=\"%d\" y=\"40\" font-weight=\"bold\">%s</text>", LEFT, network.network());
    double step = top > 2 ? Math.ceil(top / 6) : 0.25;
    for (double tick = 0; tick <= top; tick += step) {
      double y = y(tick, top);
      svg.add(
          "<path d=\"M%d %.1fh%d\" stroke=\"#e5e7eb\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\">%.2f</text>",
          LEFT, y, PLOT_WIDTH, LEFT - 6, y + 4, tick);
    }
    List<String> sparsities = network.sparsities();
    for (int i = 0; i < sparsities.size(); i++) {
      svg.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(i, sparsities.size()), TOP + PLOT_HEIGHT + 18, sparsities.get(i));
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">sparsity; time of a step, dense = 1</text>",
        LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 38);
    double[] engine = new double[weights.length];
    Arrays.fill(engine, 1);
    line(svg, engine, top, ENGINE);
    line(svg, channels, top, CHANNELS);
    line(svg, weights, top, WEIGHTS);
  }

  private static void line(Svg svg, double[] values, double top, String colour) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      double x = x(i, values.length);
      double y = y(values[i], top);
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      svg.add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour);
    }
    svg.add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
        points.toString().strip(), colour);
  }

  /** Sparsities stand at equal distances. */
  private static double x(int index, int count) {
    return LEFT + PLOT_WIDTH * (index + 0.5) / count;
  }

  private static double y(double share, double top) {
    return TOP + PLOT_HEIGHT * (1 - share / top);
  }
}
