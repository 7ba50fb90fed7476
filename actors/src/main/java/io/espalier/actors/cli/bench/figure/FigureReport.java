package io.espalier.actors.cli.bench.figure;

import io.espalier.actors.cli.host.Json;
import io.espalier.actors.cli.host.TextTable;
import io.espalier.trainer.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** Prints figures as they come, and in the end the table, which it also writes. Not thread-safe. */
public final class FigureReport {
  private final PrintWriter out;
  private final PrintWriter console;
  private final Path directory;
  private final List<Figure> figures = new ArrayList<>();

  /**
   * A report that leaves {@code table.md} and {@code results.json} in a directory.
   *
   * @param json whether the figures are printed as JSON, and all else to stderr
   */
  public FigureReport(CommandSpec spec, boolean json, Path directory) throws IOException {
    out = spec.commandLine().getOut();
    console = json ? spec.commandLine().getErr() : out;
    this.directory = Files.createDirectories(directory);
  }

  /** Tells what is measured next. */
  public void say(String format, Object... values) {
    console.println(String.format(Locale.ROOT, format, values));
    console.flush();
  }

  public void add(List<Figure> measured) {
    measured.forEach(
        figure ->
            console.println(
                "%s, %s: %s".formatted(figure.network(), figure.what(), figure.ratio().shown())));
    console.flush();
    figures.addAll(measured);
  }

  /** Writes what was added. */
  public void finish() throws IOException {
    String table = table();
    write("table.md", table);
    String json = Json.text(figures.stream().map(Figure::toMap).toList()) + "\n";
    write("results.json", json);
    console.println("\n" + table + "\n" + directory.resolve("table.md"));
    if (console != out) {
      out.print(json);
      out.flush();
    }
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
              figure.budget().map(Budget::toString).orElse(""),
              figure.verdict(),
              figure.basis()));
    }
    return table.markdown() + "\n";
  }

  private void write(String name, String text) throws IOException {
    AtomicFile.write(
        directory.resolve(name), stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
