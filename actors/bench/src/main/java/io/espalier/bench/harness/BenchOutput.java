package io.espalier.bench.harness;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.OutputPath;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandHome;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of every bench that leaves results: its progress on the console, and {@code table.md}
 * and {@code results.json} in a directory. Not thread-safe.
 */
public final class BenchOutput {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Print the results as JSON, and progress to stderr.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Results (default: bench/${COMMAND-NAME}).")
  private Optional<Path> out = Optional.empty();

  private final List<Figure> figures = new ArrayList<>();

  /** Refuses options as wrong usage unless {@code holds}. */
  public void require(boolean holds, String rule, Object... values) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, rule, values));
    }
  }

  /** Returns the directory of the results, which is made if it is missing. */
  public Path directory() throws IOException {
    Path directory = out.orElseGet(() -> Path.of("bench", spec.name()));
    return Files.createDirectories(OutputPath.directory(directory, "--out"));
  }

  /** The writer of progress: standard output, or standard error under {@code --json}. */
  public PrintWriter console() {
    return json ? errors() : spec.commandLine().getOut();
  }

  public PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  /** Returns the data home, and reports its downloads to standard error. */
  public DataHome data() {
    return CommandHome.data(EspalierHome.path(), errors());
  }

  public void say(String format, Object... values) {
    console().println(String.format(Locale.ROOT, format, values));
    console().flush();
  }

  /** Prints figures and adds them to the table. */
  public void add(List<Figure> measured) {
    measured.forEach(
        figure -> say("%s, %s: %s", figure.network(), figure.what(), figure.ratio().shown()));
    figures.addAll(measured);
  }

  public void finish() throws IOException {
    TextTable table = TextTable.withHeader(Figure.HEADER);
    figures.forEach(figure -> table.row(figure.cells()));
    finish(table.markdown(), figures.stream().map(Figure::toMap).toList());
  }

  /** Writes and prints results, records or maps; {@code table} is Markdown. */
  public void finish(String table, List<?> results) throws IOException {
    Path directory = directory();
    write(directory.resolve("table.md"), table + "\n");
    String text = JsonOutput.text(results) + "\n";
    write(directory.resolve("results.json"), text);
    say("%s", "\n" + table + "\n\n" + directory.resolve("table.md"));
    if (json) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
  }

  /** Writes a file beside the table. */
  public void write(String name, String text) throws IOException {
    write(directory().resolve(name), text);
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
