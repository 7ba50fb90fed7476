package io.espalier.bench.accuracy;

import io.espalier.cli.console.TextTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** A line for each merge rule, a column for what the false clients do. */
final class PoisoningTable {
  private PoisoningTable() {}

  static String of(Collection<PoisoningResult> results) {
    List<String> header = new ArrayList<>(List.of("aggregation"));
    for (PoisoningScenario scenario : PoisoningScenario.values()) {
      header.add(scenario.title());
    }
    TextTable table = TextTable.withHeader(header);
    for (PoisoningRule rule : PoisoningRule.values()) {
      List<String> cells = new ArrayList<>(List.of(rule.title()));
      for (PoisoningScenario scenario : PoisoningScenario.values()) {
        cells.add(
            cell(
                results.stream()
                    .filter(each -> each.rule() == rule && each.scenario() == scenario)
                    .toList()));
      }
      table.row(cells);
    }
    return table.markdown();
  }

  /** The mean accuracy in percent, and how many runs failed. */
  private static String cell(List<PoisoningResult> runs) {
    List<PoisoningResult> ended = runs.stream().filter(run -> run.failure().isEmpty()).toList();
    int failed = runs.size() - ended.size();
    String mean =
        ended.isEmpty()
            ? Averages.NONE
            : String.format(
                Locale.ROOT, "%.1f", 100 * Averages.mean(ended, PoisoningResult::accuracy));
    return failed == 0 ? mean : "%s (%d failed)".formatted(mean, failed);
  }
}
