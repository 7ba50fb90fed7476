package io.espalier.bench.accuracy;

import io.espalier.cli.console.TextTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results as Markdown: accuracy in percent as mean ± sample standard deviation over seeds. */
final class ResultTable {
  private final List<TrialResult> results;
  private final List<Double> sparsities;
  private final Map<String, Function<TableLine, String>> columns;

  private ResultTable(Collection<TrialResult> results) {
    this.results = List.copyOf(results);
    this.sparsities =
        results.stream()
            .filter(result -> !result.setting().row().equals(RecipeRow.DENSE))
            .map(each -> each.setting().sparsity())
            .distinct()
            .sorted()
            .toList();
    this.columns = columns(this.results);
  }

  static String of(Collection<TrialResult> results) {
    ResultTable table = new ResultTable(results);
    return table.table() + "\n\n" + table.notes();
  }

  private String table() {
    List<String> header = new ArrayList<>(columns.keySet());
    sparsities.forEach(sparsity -> header.add("at " + percent(sparsity)));
    if (sparsities.isEmpty()) {
      header.add("accuracy");
    }
    header.addAll(List.of("kept as planned", "seconds"));
    TextTable table = TextTable.withHeader(header);
    results.stream()
        .map(TrialResult::line)
        .distinct()
        .sorted(Comparator.comparingInt((TableLine line) -> line.row().place()))
        .forEach(line -> table.row(cells(line)));
    return table.markdown();
  }

  private List<String> cells(TableLine line) {
    List<TrialResult> ofLine = results.stream().filter(each -> each.line().equals(line)).toList();
    List<String> cells = names(line);
    if (sparsities.isEmpty() || line.row().equals(RecipeRow.DENSE)) {
      cells.add(accuracy(ofLine));
      sparsities.stream().skip(1).forEach(sparsity -> cells.add(accuracy(ofLine)));
    } else {
      sparsities.forEach(sparsity -> cells.add(accuracy(at(ofLine, sparsity))));
    }
    long exact =
        ofLine.stream().filter(each -> each.units().kept() == each.units().planned()).count();
    cells.add("%d of %d".formatted(exact, ofLine.size()));
    cells.add(String.format(Locale.ROOT, "%.1f", Averages.mean(ofLine, TrialResult::seconds)));
    return cells;
  }

  private List<String> names(TableLine line) {
    return columns.values().stream()
        .map(column -> column.apply(line))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** The columns that differ between lines: networks and initializers only if there are several. */
  private static Map<String, Function<TableLine, String>> columns(List<TrialResult> results) {
    Map<String, Function<TableLine, String>> columns = new LinkedHashMap<>();
    columns.put("recipe", line -> line.row().label());
    if (differ(results, TableLine::network)) {
      columns.put("network", TableLine::network);
    }
    if (differ(results, TableLine::initial)) {
      columns.put("initial", TableLine::initial);
    }
    return columns;
  }

  private static boolean differ(List<TrialResult> results, Function<TableLine, String> name) {
    return results.stream().map(result -> name.apply(result.line())).distinct().count() > 1;
  }

  private String notes() {
    String kept =
        "Weights kept: "
            + sparsities.stream()
                .map(sparsity -> percent(sparsity) + " sparsity " + keptOf(at(results, sparsity)))
                .collect(Collectors.joining("; "));
    List<TrialResult> softRuns =
        results.stream().filter(each -> each.setting().row().equals(RecipeRow.SOFT)).toList();
    Stream<String> returned =
        sparsities.stream()
            .map(sparsity -> at(softRuns, sparsity))
            .filter(runs -> !runs.isEmpty())
            .map(
                runs ->
                    String.format(
                        Locale.ROOT,
                        "Weights that returned under soft masks at %s: %,.0f per run.",
                        percent(runs.get(0).setting().sparsity()),
                        Averages.mean(runs, each -> each.units().regrown())));
    Stream<String> collapsed =
        results.stream()
            .filter(each -> each.units().collapsed())
            .map(
                each ->
                    "Collapsed: %s at %s, seed %d."
                        .formatted(
                            String.join(", ", names(each.line())),
                            percent(each.setting().sparsity()),
                            each.setting().seed()));
    Stream<String> first = sparsities.isEmpty() ? Stream.of() : Stream.of(kept + ".");
    return Stream.of(
            Stream.of(
                "Accuracy on the test set in percent, mean ± sample standard deviation over "
                    + seeds()
                    + " seeds; seconds per run on one core."),
            first,
            returned,
            collapsed)
        .flatMap(each -> each)
        .collect(Collectors.joining("\n"));
  }

  private long seeds() {
    return results.stream().map(each -> each.setting().seed()).distinct().count();
  }

  private static String keptOf(List<TrialResult> runs) {
    return runs.stream()
        .collect(
            Collectors.groupingBy(
                run ->
                    String.format(
                        Locale.ROOT, "%,d of %,d", run.units().kept(), run.units().prunable()),
                TreeMap::new,
                Collectors.mapping(
                    run -> run.setting().row().prunes() ? "pruned" : run.setting().row().label(),
                    Collectors.toCollection(TreeSet::new))))
        .entrySet()
        .stream()
        .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static List<TrialResult> at(List<TrialResult> runs, double sparsity) {
    return runs.stream().filter(each -> each.setting().sparsity() == sparsity).toList();
  }

  private static String accuracy(List<TrialResult> runs) {
    return Averages.meanAndDeviation(
        runs.stream().map(run -> 100 * run.quality().accuracy()).toList());
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }
}
