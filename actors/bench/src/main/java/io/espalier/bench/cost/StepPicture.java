package io.espalier.bench.cost;

import io.espalier.bench.harness.Svg;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times of steps against sparsity, a panel for each network, four in a row, as SVG. */
final class StepPicture {
  private static final int PANELS = 4;
  private static final int WIDTH = 300;
  private static final int HEIGHT = 276;
  private static final int LEGEND = 600;
  private static final int LEGEND_ROW = 18;
  private static final int LEGEND_COLUMN = 200;
  private static final int LEGEND_COLUMNS = 3;
  private static final int LEFT = 48;
  private static final int TOP = 52;
  private static final int PLOT_WIDTH = 226;
  private static final int PLOT_HEIGHT = 196;
  private static final String ENGINE = "#6b7280";
  private static final String SOLID = "none";

  private StepPicture() {}

  static String svg(List<StepTimesBySparsity> networks) {
    int columns = Math.min(PANELS, networks.size());
    int rows = (networks.size() + PANELS - 1) / PANELS;
    Svg svg =
        new Svg(
            Math.max(LEGEND, WIDTH * columns),
            2 * LEGEND_ROW + HEIGHT * rows,
            "Time of a training step against sparsity");
    legend(svg);
    for (int i = 0; i < networks.size(); i++) {
      svg.add(
          "<g transform=\"translate(%d %d)\">",
          i % PANELS * WIDTH, LEGEND_ROW + i / PANELS * HEIGHT);
      panel(svg, networks.get(i));
      svg.add("</g>");
    }
    return svg.end();
  }

  private static void legend(Svg svg) {
    key(svg, 0, "engine, all weights", ENGINE, SOLID);
    StepKind[] kinds = StepKind.values();
    for (int i = 0; i < kinds.length; i++) {
      key(svg, 1 + i, kinds[i].legend(), kinds[i].colour(), kinds[i].dashes());
    }
  }

  private static void key(Svg svg, int index, String name, String colour, String dashes) {
    int left = LEFT + index % LEGEND_COLUMNS * LEGEND_COLUMN;
    int top = 16 + index / LEGEND_COLUMNS * LEGEND_ROW;
    svg.add(
        "<path d=\"M%d %dh22\" stroke=\"%s\" stroke-dasharray=\"%s\" stroke-width=\"2\"/><text"
            + " x=\"%d\" y=\"%d\">%s</text>",
        left, top, colour, dashes, left + 28, top + 4, name);
  }

  private static void panel(Svg svg, StepTimesBySparsity network) {
    List<String> sparsities = network.sparsities();
    double largest = 1;
    for (StepKind kind : StepKind.values()) {
      largest =
          network.shares(kind).values().stream()
              .mapToDouble(Double::doubleValue)
              .reduce(largest, Math::max);
    }
    double top = Math.ceil(4 * largest) / 4;
    svg.add(
        "<text x=\"%d\" y=\"40\" font-weight=\"bold\">%s</text>",
        LEFT, network.instructions().named(network.network()));
    double step = top > 2 ? Math.ceil(top / 6) : 0.25;
    for (double tick = 0; tick <= top; tick += step) {
      double y = y(tick, top);
      svg.add(
          "<path d=\"M%d %.1fh%d\" stroke=\"#e5e7eb\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\">%.2f</text>",
          LEFT, y, PLOT_WIDTH, LEFT - 6, y + 4, tick);
    }
    for (int i = 0; i < sparsities.size(); i++) {
      svg.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(i, sparsities.size()), TOP + PLOT_HEIGHT + 18, sparsities.get(i));
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">sparsity; time of a step, dense = 1</text>",
        LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 38);
    Map<String, Double> engine = new LinkedHashMap<>();
    sparsities.forEach(sparsity -> engine.put(sparsity, 1.0));
    line(svg, sparsities, engine, top, ENGINE, SOLID);
    for (StepKind kind : StepKind.values()) {
      line(svg, sparsities, network.shares(kind), top, kind.colour(), kind.dashes());
    }
  }

  private static void line(
      Svg svg,
      List<String> sparsities,
      Map<String, Double> shares,
      double top,
      String colour,
      String dashes) {
    StringBuilder points = new StringBuilder();
    shares.forEach(
        (sparsity, share) -> {
          double x = x(sparsities.indexOf(sparsity), sparsities.size());
          double y = y(share, top);
          points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
          svg.add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour);
        });
    if (shares.size() > 1) {
      svg.add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-dasharray=\"%s\""
              + " stroke-width=\"2\"/>",
          points.toString().strip(), colour, dashes);
    }
  }

  /** Sparsities stand at equal distances. */
  private static double x(int index, int count) {
    return LEFT + PLOT_WIDTH * (index + 0.5) / count;
  }

  private static double y(double share, double top) {
    return TOP + PLOT_HEIGHT * (1 - share / top);
  }
}
