package io.espalier.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.view.RunLabels;
import io.espalier.telemetry.view.RunOverview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs side by side in the width of a terminal: what they are, the settings in which they differ,
 * and their figures. Runs that have no place beside the others follow in a block of their own.
 */
final class RunComparison {
  static final int MOST_RUNS = 26;
  private static final int WIDTH = 80;
  private static final int LONGEST_KEY = 30;
  private static final int LEAST_COLUMN = 10;
  private static final int GAP = 2;

  private final List<RunOverview> runs;
  private final List<JsonNode> summaries;
  private final Path here;

  RunComparison(List<RunOverview> runs, Path here) {
    this.runs = runs;
    this.here = here;
    summaries = runs.stream().map(RunComparison::summary).toList();
  }

  private record Row(String title, List<String> cells) {
    boolean isKnown() {
      return cells.stream().anyMatch(cell -> !cell.equals(LocalRunTexts.UNKNOWN));
    }
  }

  String text() {
    List<Row> settings =
        RunLabels.differing(runs).stream()
            .map(
                key ->
                    row(
                        key,
                        run ->
                            RunLabels.choices(run.settings())
                                .getOrDefault(key, LocalRunTexts.UNKNOWN)))
            .toList();
    List<String> parts = new ArrayList<>(List.of(legend()));
    parts.add(settings.isEmpty() ? "no setting differs" : blocks("setting", settings));
    parts.add(blocks("figure", figures().stream().filter(Row::isKnown).toList()));
    return String.join("\n\n", parts);
  }

  private String legend() {
    List<String> labels = LocalRunTexts.labels(runs);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      lines.add(letter(i) + "  " + labels.get(i));
      lines.add("   " + LocalRunTexts.shortest(runs.get(i).directory(), here));
    }
    return String.join("\n", lines);
  }

  private static String letter(int index) {
    return String.valueOf((char) ('A' + index));
  }

  private List<Row> figures() {
    return List.of(
        row("state", RunOverview::state),
        row("result", LocalRunTexts::result),
        row("loss", LocalRunTexts::loss),
        row("sparsity", run -> LocalRunTexts.percent(run.sparsity())),
        counted("weights kept", "kept"),
        counted("parameters", "parameters"),
        counted("MACs executed", "macs"),
        counted("MACs of kept weights", "macsEffective"),
        counted("bytes sent", "bytesSent"),
        counted("bytes of the model", "modelBytes"),
        row("step", LocalRunTexts::steps),
        row("time", run -> LocalRunTexts.time(run.seconds())));
  }

  private Row row(String title, Function<RunOverview, String> cell) {
    return new Row(title, runs.stream().map(cell).map(LocalRunTexts::printable).toList());
  }

  private Row counted(String title, String fact) {
    return new Row(
        title,
        summaries.stream()
            .map(
                summary ->
                    summary.path(fact).isNumber()
                        ? String.format(Locale.ROOT, "%,d", summary.path(fact).asLong())
                        : LocalRunTexts.UNKNOWN)
            .toList());
  }

  private String blocks(String title, List<Row> rows) {
    int key = rows.stream().mapToInt(row -> row.title().length()).max().orElse(0);
    int width = Math.min(LONGEST_KEY, Math.max(key, title.length()));
    int fitting = Math.max(1, (WIDTH - width) / (LEAST_COLUMN + GAP));
    int columns = Math.min(fitting, runs.size());
    int longest = (WIDTH - width) / columns - GAP;
    List<String> blocks = new ArrayList<>();
    for (int from = 0; from < runs.size(); from += columns) {
      blocks.add(block(title, rows, from, Math.min(runs.size(), from + columns), longest));
    }
    return String.join("\n\n", blocks);
  }

  private static String block(String title, List<Row> rows, int from, int to, int longest) {
    TextTable table =
        TextTable.withHeader(
            cells(title, IntStream.range(from, to).mapToObj(RunComparison::letter)));
    for (Row row : rows) {
      table.row(
          cells(
              ending(row.title(), LONGEST_KEY),
              row.cells().subList(from, to).stream().map(cell -> beginning(cell, longest))));
    }
    return table.text();
  }

  private static List<String> cells(String first, Stream<String> rest) {
    return Stream.concat(Stream.of(first), rest).toList();
  }

  private static String beginning(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  /** Cuts the beginning of a long key, as keys of one block differ in their ends. */
  private static String ending(String text, int most) {
    return text.length() <= most ? text : "…" + text.substring(text.length() - most + 1);
  }

  /** The form of the list, with the settings that differ and the summaries. */
  Map<String, Object> json() {
    return Map.of(
        "differing",
        RunLabels.differing(runs),
        "runs",
        LocalRunTexts.json(runs, runs.size()).path("runs"),
        "summaries",
        summaries);
  }

  private static JsonNode summary(RunOverview run) {
    Path file = run.directory().resolve("summary.json");
    try {
      return Files.isRegularFile(file)
          ? Json.LENIENT.readTree(file.toFile())
          : Json.LENIENT.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
