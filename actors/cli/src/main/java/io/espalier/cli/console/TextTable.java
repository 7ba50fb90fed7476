package io.espalier.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of text: numbers to the right, all else to the left. Not thread-safe. */
public final class TextTable {
  private static final String GAP = "  ";
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9.,]*( ?%| ± [0-9.]+)?|-|—");

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

  /** Adds a row; all rows must have the same number of cells. Line breaks in them are escaped. */
  public TextTable row(List<String> cells) {
    if (!rows.isEmpty() && rows.get(0).size() != cells.size()) {
      throw new IllegalArgumentException(
          "rows must have the same number of cells: first=%s, cells=%s"
              .formatted(rows.get(0), cells));
    }
    rows.add(cells.stream().map(cell -> cell.replace("\n", "\\n")).toList());
    return this;
  }

  /** The table for a terminal, without a line break at the end. */
  public String text() {
    List<Column> columns = columns();
    return rows.stream()
        .map(row -> joined(row, columns, GAP, "").stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  /** The table in Markdown, without a line break at the end; it must have a header. */
  public String markdown() {
    List<Column> columns = columns();
    List<String> lines =
        new ArrayList<>(
            rows.stream().map(row -> "| " + joined(row, columns, " | ", " |")).toList());
    lines.add(
        headers, columns.stream().map(Column::rule).collect(Collectors.joining("|", "|", "|")));
    return String.join("\n", lines);
  }

  private List<Column> columns() {
    return IntStream.range(0, rows.isEmpty() ? 0 : rows.get(0).size())
        .mapToObj(index -> new Column(width(index), isNumeric(index)))
        .toList();
  }

  private static String joined(List<String> row, List<Column> columns, String gap, String end) {
    return IntStream.range(0, columns.size())
        .mapToObj(index -> columns.get(index).padded(row.get(index)))
        .collect(Collectors.joining(gap, "", end));
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(headers)
        .map(row -> row.get(column))
        .filter(cell -> !cell.isBlank())
        .allMatch(cell -> NUMBER.matcher(cell).matches());
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private record Column(int width, boolean isNumeric) {
    private String rule() {
      String dashes = "-".repeat(width + 1);
      return isNumeric ? dashes + ":" : "-" + dashes;
    }

    private String padded(String cell) {
      String padding = " ".repeat(width - length(cell));
      return isNumeric ? padding + cell : cell + padding;
    }
  }
}
