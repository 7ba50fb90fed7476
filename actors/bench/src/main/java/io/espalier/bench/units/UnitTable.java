package io.espalier.bench.units;

import io.espalier.bench.accuracy.Averages;
import io.espalier.cli.console.TextTable;
import io.espalier.trainer.capability.EngineCapability;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results as Markdown: a table for each network, each line over its seeds. */
final class UnitTable {
  private UnitTable() {}

  static String of(List<UnitStudy> studies, List<UnitResult> results) {
    return studies.stream()
        .map(study -> of(study, UnitPoint.of(results(study, results))))
        .collect(Collectors.joining("\n\n", "", "\n\n" + note(results)));
  }

  private static List<UnitResult> results(UnitStudy study, List<UnitResult> results) {
    return results.stream().filter(each -> each.network().equals(study.network())).toList();
  }

  private static String of(UnitStudy study, List<UnitPoint> points) {
    TextTable table =
        TextTable.withHeader(
            List.of(
                study.network(),
                study.isText() ? "bits per character" : "accuracy, %",
                "kept MACs",
                "step, ms",
                "step / dense Java",
                "step / dense engine"));
    for (UnitPoint each : points) {
      table.row(
          List.of(
              each.unit(),
              Averages.meanAndDeviation(each.qualities()),
              number(each.macs()),
              number(each.milliseconds()),
              number(each.toDenseJava()),
              number(each.toDenseEngine())));
    }
    return table.markdown();
  }

  private static String note(List<UnitResult> results) {
    long seeds = results.stream().map(UnitResult::seed).distinct().count();
    return "%s: mean ± standard deviation; ratios of steps are medians of turns, their mean over the seeds. Timed on %s."
        .formatted(seeds == 1 ? "One seed" : seeds + " seeds", EngineCapability.processor());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
