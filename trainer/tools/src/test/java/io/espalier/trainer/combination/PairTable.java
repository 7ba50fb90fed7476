package io.espalier.trainer.combination;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

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

  /** A row for each set of rules and the choices that it keeps apart, those alike together. */
  String exclusions() {
    Map<String, Map<List<Integer>, List<Integer>>> apart = new TreeMap<>();
    for (int row = 0; row < rules.size(); row++) {
      Map<String, List<Integer>> byRules = new TreeMap<>();
      for (int column = 0; column < columns.names().size(); column++) {
        Set<Integer> cell = rules.get(row).get(column);
        if (!cell.isEmpty()) {
          byRules.computeIfAbsent(listed(cell), key -> new ArrayList<>()).add(column);
        }
      }
      for (Map.Entry<String, List<Integer>> each : byRules.entrySet()) {
        apart
            .computeIfAbsent(each.getKey(), key -> new LinkedHashMap<>())
            .computeIfAbsent(each.getValue(), key -> new ArrayList<>())
            .add(row);
      }
    }
    StringBuilder text = new StringBuilder();
    apart.forEach(
        (broken, choices) ->
            choices.forEach(
                (of, with) ->
                    text.append(
                        "| %s | %s | %s |\n"
                            .formatted(named(rows, with), named(columns, of), broken))));
    return text.toString();
  }

  private static String named(Part part, List<Integer> choices) {
    List<String> names = part.names();
    int left = names.size() - choices.size();
    boolean isShorter = choices.size() > 2 && left < choices.size();
    List<Integer> listed =
        isShorter
            ? IntStream.range(0, names.size()).filter(i -> !choices.contains(i)).boxed().toList()
            : choices;
    String text = listed.stream().map(i -> "`" + names.get(i) + "`").collect(joining(", "));
    return !isShorter ? text : left == 0 ? "all" : "all but " + text;
  }

  String header() {
    return "| `%s` | `%s` | rules |\n|---|---|---|\n".formatted(rows.key(), columns.key());
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
