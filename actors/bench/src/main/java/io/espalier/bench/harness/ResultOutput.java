package io.espalier.bench.harness;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.OutputDirectory;
import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Where a bench tells how it goes on, and leaves its table. Not thread-safe. */
public final class ResultOutput {
  private final PrintWriter out;
  private final PrintWriter console;
  private final Path directory;

  /**
   * An output that leaves {@code table.md} and {@code results.json} in a directory.
   *
   * @param json whether the results are printed as JSON, and all else to stderr
   */
  public ResultOutput(CommandSpec spec, boolean json, Path directory) throws IOException {
    out = spec.commandLine().getOut();
    console = json ? spec.commandLine().getErr() : out;
    this.directory = Files.createDirectories(OutputDirectory.of(directory, "--out"));
  }

  /** Tells what is done next, or was found. */
  public void say(String format, Object... values) {
    console.println(String.format(Locale.ROOT, format, values));
    console.flush();
  }

  /**
   * Writes and prints the results.
   *
   * @param table in Markdown
   */
  public void finish(String table, List<Map<String, Object>> results) throws IOException {
    write("table.md", table + "\n");
    String json = JsonOutput.text(results) + "\n";
    write("results.json", json);
    console.println("\n" + table + "\n\n" + directory.resolve("table.md"));
    console.flush();
    if (console != out) {
      out.print(json);
      out.flush();
    }
  }

  private void write(String name, String text) throws IOException {
    AtomicFile.write(
        directory.resolve(name), stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
