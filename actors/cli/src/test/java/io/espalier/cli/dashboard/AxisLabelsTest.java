package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of the axes of processes. */
@Tag("slow")
class AxisLabelsTest {
  @TempDir private Path directory;

  @Test
  void axis_ofBytesAndShares_hasDistinctLabelsWithUnits() throws IOException {
    try (Stage stage = new Stage(directory);
        Browser browser = new Browser(Files.createDirectory(directory.resolve("downloads")))) {
      browser.open(stage.page(), "#/system");
      browser.awaitText("h1", "System");

      for (double high : new double[] {0, 1, 3, 7e6, 4e11}) {
        assertThat(labelsOfAxis(browser, "bytes", high))
            .as("%s", high)
            .hasSizeGreaterThan(1)
            .doesNotHaveDuplicates()
            .allMatch(label -> label.matches("[\\d.,]+\\h[kMGT]?B"));
      }
      for (double high : new double[] {0, 0.004, 0.02, 0.9}) {
        assertThat(labelsOfAxis(browser, "percent", high))
            .as("%s", high)
            .hasSizeGreaterThan(1)
            .doesNotHaveDuplicates();
      }
    }
  }

  private static List<String> labelsOfAxis(Browser browser, String format, double high) {
    Object labels =
        browser.script(
            """
            return Promise.all(["uplot", "espalier/chart/plot.js", "espalier/base/format.js", "espalier/base/ranges.js", "espalier/system.js"].map((name) => import(name)))
              .then(([uplot, { plotOptions }, formats, { fromZero }, { CHARTS }]) => {
                const data = [[1, 2], [0, arguments[1]]], line = { label: "a", color: "--blue", table: data };
                const [key, , , , own, more] = CHARTS.find(([name]) => name === (arguments[0] === "bytes" ? "native" : "cpu"));
                const group = { sync: { key: "a" }, timeSync: { key: "b" }, level: {} };
                const plot = new uplot.default(plotOptions({ spec: { key, format: own, range: fromZero, ...more }, group, time: true, lines: [line], current: () => [line],
                  width: 500, height: 230, moved() {}, selected() {}, whole() {} }), data, document.body);
                return new Promise((done) => setTimeout(() => { const texts = plot.axes[1]._values.filter(Boolean); plot.destroy(); done(texts); }));
              });
            """,
            format,
            high);
    return ((List<?>) Objects.requireNonNull(labels)).stream().map(Object::toString).toList();
  }
}
