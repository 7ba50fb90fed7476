package io.espalier.bench.accuracy;

import io.espalier.cli.console.TextTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

final class FederatedTable {
  private FederatedTable() {}

  static String of(Collection<FederatedResult> results) {
    TextTable table =
        TextTable.withHeader(
            List.of(
                "algorithm",
                "accuracy",
                "density",
                "kB in the median ordinary round",
                "of dense",
                "kB in an adjustment round",
                "kB of the selection",
                "client's peak memory",
                "seconds"));
    for (FederatedRow row : FederatedRow.values()) {
      List<FederatedResult> runs = results.stream().filter(each -> each.row() == row).toList();
      if (!runs.isEmpty()) {
        table.row(cells(row, runs));
      }
    }
    return table.markdown();
  }

  private static List<String> cells(FederatedRow row, List<FederatedResult> runs) {
    double ordinary = Averages.mean(runs, each -> each.sent().ordinaryBytes());
    double adjustment = Averages.mean(runs, each -> each.sent().adjustmentBytes());
    double selection = Averages.mean(runs, each -> each.sent().selectionBytes());
    List<String> cells =
        new ArrayList<>(
            List.of(
                row.title(),
                Averages.meanAndDeviation(
                    runs.stream().map(run -> 100 * run.model().accuracy()).toList())));
    cells.add(number("%.1f %%", 100 * Averages.mean(runs, each -> each.model().density())));
    cells.add(number("%,.0f", ordinary / 1e3));
    cells.add(
        number("%.1f %%", 100 * ordinary / Averages.mean(runs, each -> each.sent().denseBytes())));
    cells.add(adjustment > 0 ? number("%,.0f", adjustment / 1e3) : Averages.NONE);
    cells.add(selection > 0 ? number("%,.0f", selection / 1e3) : Averages.NONE);
    cells.add(number("%,.0f MB", Averages.mean(runs, each -> each.cost().clientBytes()) / 1e6));
    cells.add(number("%.0f", Averages.mean(runs, each -> each.cost().seconds())));
    return cells;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
