package io.espalier.cli.inspect;

import io.espalier.cli.console.TextTable;
import io.espalier.trainer.analysis.Analysis;
import io.espalier.trainer.analysis.Finding;
import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An analysis as sections of text, and as JSON.
 *
 * @param data name of the data; empty where none were read
 */
record AnalysisText(Path file, String data, Analysis analysis) {
  private static final int MOST_ROWS = 200;
  private static final int CELLS = 20;
  private static final int WIDTH = 100;
  private static final String NOTHING = "-";
  private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

  /** Without a line break at the end. */
  String table() {
    TextTable head = TextTable.withoutHeader().row(List.of("file", file.toString()));
    if (!data.isEmpty()) {
      head.row(List.of("data", data));
    }
    analysis.skipped().forEach((name, reason) -> head.row(List.of("no " + name, reason)));
    List<String> sections = new ArrayList<>(List.of(head.text()));
    analysis.findings().values().forEach(finding -> sections.add(section(finding)));
    return String.join("\n\n", sections);
  }

  Map<String, Object> json() {
    Map<String, Object> findings = new LinkedHashMap<>();
    analysis.findings().forEach((name, finding) -> findings.put(name, finding.facts()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", file.toString());
    if (!data.isEmpty()) {
      all.put("data", data);
    }
    all.put("findings", findings);
    all.put("skipped", analysis.skipped());
    return all;
  }

  private static String section(Finding finding) {
    List<String> parts = new ArrayList<>();
    TextTable figures = TextTable.withoutHeader();
    finding
        .figures()
        .forEach(
            figure ->
                figures.row(
                    List.of(
                        figure.heading().label(),
                        shown(figure.heading().format(), figure.value()))));
    parts.add(
        finding.title() + "\n" + "─".repeat(finding.title().length()) + "\n" + figures.text());
    finding.tables().forEach(table -> parts.add(table(table)));
    parts.add(String.join("\n", finding.notes().stream().map(AnalysisText::wrapped).toList()));
    return String.join("\n\n", parts.stream().filter(part -> !part.isEmpty()).toList());
  }

  private static String table(Finding.Table table) {
    List<String> header = new ArrayList<>();
    for (Heading heading : table.headings()) {
      header.add(heading.label());
      if (heading.format() == Format.BAR) {
        header.add("");
      }
    }
    TextTable text = TextTable.withHeader(header);
    table.rows().stream().limit(MOST_ROWS).forEach(row -> text.row(cells(table, row)));
    int more = table.rows().size() - MOST_ROWS;
    String title = table.title().isEmpty() ? "" : table.title() + "\n";
    return title + text.text() + (more > 0 ? "\n… %,d more: see --json".formatted(more) : "");
  }

  private static List<String> cells(Finding.Table table, List<Object> row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Format format = table.headings().get(i).format();
      cells.add(shown(format, row.get(i)));
      if (format == Format.BAR) {
        cells.add(bar((Double) row.get(i)));
      }
    }
    return cells;
  }

  private static String bar(double share) {
    int full = Double.isNaN(share) ? 0 : (int) Math.round(CELLS * Math.min(1, share));
    return "█".repeat(full) + "·".repeat(CELLS - full);
  }

  private static String shown(Format format, Object value) {
    return switch (format) {
      case TEXT -> value.toString();
      case COUNT -> String.format(Locale.ROOT, "%,d", (Long) value);
      case SHARE, BAR -> percent((Double) value);
      case NUMBER -> number((Double) value);
    };
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? NOTHING : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  /** Four significant digits. */
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return NOTHING;
    }
    double size = Math.abs(value);
    return size != 0 && (size < 1e-4 || size >= 1e7)
        ? String.format(Locale.ROOT, "%.3e", value)
        : new BigDecimal(value).round(DIGITS).toPlainString();
  }

  private static String wrapped(String sentence) {
    StringBuilder text = new StringBuilder();
    int column = 0;
    for (String word : sentence.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        text.append('\n');
        column = 0;
      }
      text.append(column > 0 ? " " : "").append(word);
      column += (column > 0 ? 1 : 0) + word.length();
    }
    return text.toString();
  }
}
