package io.espalier.bench.scores;

import io.espalier.bench.accuracy.Averages;
import io.espalier.cli.console.TextTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as Markdown, a table for each network, refit and number of fine-tuning epochs. */
final class ScoreTable {
  private ScoreTable() {}

  static String of(Collection<ScoreResult> results) {
    Map<String, List<ScoreResult>> byTable =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    ScoreTable::heading, LinkedHashMap::new, Collectors.toList()));
    return byTable.entrySet().stream()
        .map(each -> "%s\n\n%s".formatted(each.getKey(), table(each.getValue())))
        .collect(Collectors.joining("\n\n"));
  }

  private static String heading(ScoreResult result) {
    ScoreTrial trial = result.trial();
    return "%s, %s pruned at once%s%s; %s:"
        .formatted(
            trial.network(),
            trial.ofChannels() ? "channels" : "weights",
            trial.refits() ? ", refitted by " + trial.refit() : "",
            trial.epochs() == 0 ? "" : " and fine-tuned for %d epochs".formatted(trial.epochs()),
            result.isText() ? "bits per character" : "accuracy in percent");
  }

  private record Column(double sparsity, String ranking) {
    static Column of(ScoreResult result) {
      return new Column(result.trial().sparsity(), result.trial().ranking());
    }

    String title() {
      return "%s, %s".formatted(ScoreTrial.percent(sparsity), ranking);
    }
  }

  private static String table(List<ScoreResult> results) {
    List<Column> columns =
        results.stream()
            .map(Column::of)
            .distinct()
            .sorted(Comparator.comparingDouble(Column::sparsity))
            .toList();
    List<String> header = new ArrayList<>(List.of("score"));
    columns.forEach(column -> header.add(column.title()));
    TextTable table = TextTable.withHeader(header);
    table.row(dense(results, columns.size()));
    results.stream()
        .map(each -> each.trial().score())
        .distinct()
        .forEach(
            score -> {
              List<String> cells = new ArrayList<>(List.of("`" + score + "`"));
              columns.forEach(column -> cells.add(pruned(results, score, column)));
              table.row(cells);
            });
    return table.markdown();
  }

  private static List<String> dense(List<ScoreResult> results, int columns) {
    Map<Long, Double> bySeed = new LinkedHashMap<>();
    results.forEach(each -> bySeed.put(each.trial().seed(), each.dense().shown(each.isText())));
    List<String> cells = new ArrayList<>(List.of("(dense)"));
    cells.addAll(
        Collections.nCopies(columns, Averages.meanAndDeviation(List.copyOf(bySeed.values()))));
    return cells;
  }

  private static String pruned(List<ScoreResult> results, String score, Column column) {
    return Averages.meanAndDeviation(
        results.stream()
            .filter(each -> each.trial().score().equals(score) && Column.of(each).equals(column))
            .map(each -> each.pruned().shown(each.isText()))
            .toList());
  }
}
