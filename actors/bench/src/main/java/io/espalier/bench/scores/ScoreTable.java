package io.espalier.bench.scores;

import io.espalier.bench.accuracy.Averages;
import io.espalier.cli.console.TextTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as Markdown, a table for each network and number of fine-tuning epochs. */
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
    return "%s, pruned at once%s; %s:"
        .formatted(
            trial.network(),
            trial.epochs() == 0 ? "" : " and fine-tuned for %d epochs".formatted(trial.epochs()),
            result.isText() ? "bits per character" : "accuracy in percent");
  }

  private record Row(String score, String ranking, String refit) {
    static Row of(ScoreResult result) {
      ScoreTrial trial = result.trial();
      return new Row(trial.score(), trial.ranking(), trial.refit());
    }
  }

  private static String table(List<ScoreResult> results) {
    List<Double> sparsities =
        results.stream().map(each -> each.trial().sparsity()).distinct().sorted().toList();
    List<String> header = new ArrayList<>(List.of("score", "ranking", "refit"));
    sparsities.forEach(sparsity -> header.add("at " + ScoreTrial.percent(sparsity)));
    TextTable table = TextTable.withHeader(header);
    table.row(dense(results, sparsities.size()));
    results.stream()
        .map(Row::of)
        .distinct()
        .forEach(
            row -> {
              List<String> cells =
                  new ArrayList<>(List.of(row.score(), row.ranking(), row.refit()));
              sparsities.forEach(sparsity -> cells.add(pruned(results, row, sparsity)));
              table.row(cells);
            });
    return table.markdown();
  }

  private static List<String> dense(List<ScoreResult> results, int columns) {
    Map<Long, Double> bySeed = new LinkedHashMap<>();
    results.forEach(each -> bySeed.put(each.trial().seed(), each.dense().shown(each.isText())));
    String shown = Averages.meanAndDeviation(List.copyOf(bySeed.values()));
    List<String> cells = new ArrayList<>(List.of("(dense)", "", ""));
    for (int i = 0; i < columns; i++) {
      cells.add(shown);
    }
    return cells;
  }

  private static String pruned(List<ScoreResult> results, Row row, double sparsity) {
    return Averages.meanAndDeviation(
        results.stream()
            .filter(each -> Row.of(each).equals(row) && each.trial().sparsity() == sparsity)
            .map(each -> each.pruned().shown(each.isText()))
            .toList());
  }
}
