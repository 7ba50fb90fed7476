package io.espalier.trainer.combination;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** For each pair of choices of two parts the rules that refuse it, whatever the rest is. */
final class PairTable {
  private final Part rows;
  private final Part columns;
  private final int[][] fewest;
  private final List<List<TreeSet<Integer>>> rules;

  PairTable(Part rows, Part columns) {
    this.rows = rows;
    this.columns = columns;
    this.fewest = new int[rows.names().size()][columns.names().size()];
    for (int[] row : fewest) {
      Arrays.fill(row, Integer.MAX_VALUE);
    }
    this.rules =
        rows.names().stream()
            .map(row -> columns.names().stream().map(column -> new TreeSet<Integer>()).toList())
            .toList();
  }

  /** Adds recipes with any of these rows and columns, and the rules that each of them breaks. */
  void add(List<Integer> rows, List<Integer> columns, List<Integer> broken) {
    for (int row : rows) {
      for (int column : columns) {
        add(row, column, broken);
      }
    }
  }

  private void add(int row, int column, List<Integer> broken) {
    if (broken.size() > fewest[row][column]) {
      return;
    }
    TreeSet<Integer> least = rules.get(row).get(column);
    if (broken.size() < fewest[row][column]) {
      least.clear();
      fewest[row][column] = broken.size();
    }
    least.addAll(broken);
  }

  boolean refuses() {
    return rules.stream().anyMatch(row -> row.stream().anyMatch(cell -> !cell.isEmpty()));
  }

  String heading() {
    return "`%s` and `%s`".formatted(rows.key(), columns.key());
  }

  String markdown() {
    StringBuilder text = new StringBuilder("| |");
    columns.names().forEach(name -> text.append(" `").append(name).append("` |"));
    text.append("\n|---|").append("---|".repeat(columns.names().size())).append('\n');
    for (int row = 0; row < rules.size(); row++) {
      text.append("| `").append(rows.names().get(row)).append("` |");
      for (TreeSet<Integer> cell : rules.get(row)) {
        text.append(cell.isEmpty() ? " yes |" : " no: %s |".formatted(listed(cell)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String listed(Set<Integer> rules) {
    return String.join(", ", rules.stream().map(String::valueOf).toList());
  }
}
