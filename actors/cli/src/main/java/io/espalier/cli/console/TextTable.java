package io.espalier.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of text: numbers to the right, all else to the left. Not thread-safe. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final int headers;

  private TextTable(int headers) {
    this.headers = headers;
  }

  public static TextTable withHeader(List<String> header) {
    return new TextTable(1).row(header);
  }

  public static TextTable withoutHeader() {
    return new TextTable(0);
  }

  /** Adds a row; all rows must have the same number of cells. */
  public TextTable row(List<String> cells) {
    if (!rows.isEmpty() && rows.get(0).size() != cells.size()) {
      throw new IllegalArgumentException(
          "rows must have the same number of cells: first=%s, cells=%s"
              .formatted(rows.get(0), cells));
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** The table for a terminal, without a line break at the end. */
  public String text() {
    return rows.stream()
        .map(row -> joined(row, GAP, "").stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  /** The table in Markdown, without a line break at the end; it must have a header. */
  public String markdown() {
    List<String> lines =
        new ArrayList<>(rows.stream().map(row -> "| " + joined(row, " | ", " |")).toList());
    lines.add(headers, columns().mapToObj(this::rule).collect(Collectors.joining("|", "|", "|")));
    return String.join("\n", lines);
  }

  private String rule(int column) {
    String dashes = "-".repeat(width(column) + 1);
    return isNumeric(column) ? dashes + ":" : "-" + dashes;
  }

  private String joined(List<String> row, String gap, String end) {
    return columns()
        .mapToObj(column -> padded(row.get(column), column))
        .collect(Collectors.joining(gap, "", end));
  }

  private String padded(String cell, int column) {
    String padding = " ".repeat(width(column) - length(cell));
    return isNumeric(column) ? padding + cell : cell + padding;
  }

  private IntStream columns() {
    return IntStream.range(0, rows.isEmpty() ? 0 : rows.get(0).size());
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(headers)
        .map(row -> row.get(column))
        .filter(cell -> !cell.isBlank())
        .allMatch(cell -> cell.matches("[-+]?[0-9][0-9.,]*( ?%| ± [0-9.]+)?|-|—"));
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
