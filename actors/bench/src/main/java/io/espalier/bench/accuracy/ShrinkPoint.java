package io.espalier.bench.accuracy;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A line over its seeds: what it took and reached.
 *
 * @param macs share of the dense network's multiply-accumulates
 * @param time share of the dense network's processor time
 * @param quality accuracy in percent, or bits per character
 */
record ShrinkPoint(String row, double macs, Range time, Range quality) {
  /** The mean of some values and its extremes. */
  record Range(double mean, double least, double most) {
    static Range of(Stream<Double> values) {
      DoubleSummaryStatistics statistics =
          values.mapToDouble(Double::doubleValue).summaryStatistics();
      return new Range(statistics.getAverage(), statistics.getMin(), statistics.getMax());
    }
  }

  /** Lines in order, over the seeds of which a dense network is there. */
  static List<ShrinkPoint> of(boolean isText, List<ShrinkResult> results) {
    Map<String, List<Pair>> rows = new LinkedHashMap<>();
    for (ShrinkResult each : results) {
      dense(each.seed(), results)
          .ifPresent(
              base ->
                  rows.computeIfAbsent(each.row(), row -> new ArrayList<>())
                      .add(new Pair(each.outcome(), base.outcome())));
    }
    return rows.entrySet().stream()
        .map(
            row ->
                new ShrinkPoint(
                    row.getKey(),
                    Averages.mean(row.getValue(), Pair::macs),
                    Range.of(row.getValue().stream().map(Pair::time)),
                    Range.of(
                        row.getValue().stream()
                            .map(Pair::own)
                            .map(own -> isText ? own.bits() : 100 * own.accuracy()))))
        .toList();
  }

  /** The dense network of a seed. */
  static Optional<ShrinkResult> dense(long seed, List<ShrinkResult> results) {
    return results.stream()
        .filter(each -> each.seed() == seed && ShrinkRow.isDense(each.row()))
        .findFirst();
  }

  private record Pair(ShrinkResult.Outcome own, ShrinkResult.Outcome dense) {
    double macs() {
      return (double) own.size().macs() / dense.size().macs();
    }

    double time() {
      return own.cost().seconds() / dense.cost().seconds();
    }
  }
}
