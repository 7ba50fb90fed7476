package io.espalier.bench.federated;

import io.espalier.cli.console.TextTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Results as Markdown: accuracy in percent as mean ± sample standard deviation over seeds. */
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
    double ordinary = mean(runs, FederatedResult::ordinaryBytes);
    double adjustment = mean(runs, FederatedResult::adjustmentBytes);
    double selection = mean(runs, FederatedResult::selectionBytes);
    List<String> cells = new ArrayList<>(List.of(row.title(), accuracy(runs)));
    cells.add(number("%.1f %%", 100 * mean(runs, FederatedResult::density)));
    cells.add(number("%,.0f", ordinary / 1e3));
    cells.add(number("%.1f %%", 100 * ordinary / mean(runs, FederatedResult::denseBytes)));
    cells.add(adjustment > 0 ? number("%,.0f", adjustment / 1e3) : "—");
    cells.add(selection > 0 ? number("%,.0f", selection / 1e3) : "—");
    cells.add(number("%,.0f MB", mean(runs, FederatedResult::clientBytes) / 1e6));
    cells.add(number("%.0f", mean(runs, FederatedResult::seconds)));
    return cells;
  }

  private static String accuracy(List<FederatedResult> runs) {
    double mean = mean(runs, FederatedResult::accuracy);
    if (runs.size() == 1) {
      return number("%.2f", 100 * mean);
    }
    double squares = runs.stream().mapToDouble(run -> Math.pow(run.accuracy() - mean, 2)).sum();
    return String.format(
        Locale.ROOT, "%.2f ± %.2f", 100 * mean, 100 * Math.sqrt(squares / (runs.size() - 1)));
  }

  private static double mean(List<FederatedResult> runs, ToDoubleFunction<FederatedResult> value) {
    return runs.stream().mapToDouble(value).average().orElseThrow();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
