package io.espalier.bench.harness;

import io.espalier.cli.console.TextTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Prints figures as they come, and in the end the table, which it also writes. Not thread-safe. */
public final class FigureReport {
  private final ResultOutput output;
  private final List<Figure> figures = new ArrayList<>();

  /**
   * A report that leaves {@code table.md} and {@code results.json} in a directory.
   *
   * @param json whether the figures are printed as JSON, and all else to stderr
   */
  public FigureReport(CommandSpec spec, boolean json, Path directory) throws IOException {
    output = new ResultOutput(spec, json, directory);
  }

  /** Tells what is measured next. */
  public void say(String format, Object... values) {
    output.say(format, values);
  }

  public void add(List<Figure> measured) {
    measured.forEach(
        figure -> say("%s, %s: %s", figure.network(), figure.what(), figure.ratio().shown()));
    figures.addAll(measured);
  }

  /** Writes what was added. */
  public void finish() throws IOException {
    output.finish(table(), figures.stream().map(Figure::toMap).toList());
  }

  private String table() {
    TextTable table =
        TextTable.withHeader(
            List.of("network", "ratio", "median (quartiles)", "budget", "", "from"));
    for (Figure figure : figures) {
      table.row(
          List.of(
              figure.network(),
              figure.what(),
              figure.ratio().shown(),
              figure.budget().map(RatioBudget::toString).orElse(""),
              figure.verdict(),
              figure.basis()));
    }
    return table.markdown();
  }
}
