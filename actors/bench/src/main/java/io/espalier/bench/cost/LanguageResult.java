package io.espalier.bench.cost;

import io.espalier.bench.accuracy.Averages;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.Function;

/**
 * One seed's training.
 *
 * @param sides Espalier, then PyTorch if it was there
 */
record LanguageResult(String key, long seed, int steps, List<Side> sides)
    implements ResultStore.Keyed {
  private static final double SAME_BITS = 0.02;
  private static final double LONGEST_STEP = 1.15;
  private static final String NONE = "—";

  LanguageResult {
    sides = List.copyOf(sides);
  }

  /**
   * What one of both trained.
   *
   * @param bits per character of the test part
   * @param stepSeconds processor time of a step, by round
   */
  record Side(double bits, List<Double> stepSeconds) {
    Side {
      stepSeconds = List.copyOf(stepSeconds);
    }
  }

  /** A table over seeds: with ratios where all have PyTorch beside them. */
  static String table(List<LanguageResult> results) {
    TextTable table =
        TextTable.withHeader(List.of("", "Espalier", "PyTorch", "ratio (quartiles)", "goal", ""));
    List<Side> own = sides(results, 0);
    List<Side> torch = sides(results, 1);
    Optional<Measurements> bits = ratios(own, torch, side -> List.of(side.bits()));
    table.row(
        List.of(
            "bits per character",
            bits(own),
            bits(torch),
            bits.map(Measurements::shown).orElse(NONE),
            String.format(Locale.ROOT, "within %.0f %%", 100 * SAME_BITS),
            verdict(bits, ratio -> Math.abs(ratio - 1) <= SAME_BITS)));
    Optional<Measurements> steps = ratios(own, torch, Side::stepSeconds);
    table.row(
        List.of(
            "step, ms",
            step(own),
            step(torch),
            steps.map(Measurements::shown).orElse(NONE),
            String.format(Locale.ROOT, "≤ %.2f", LONGEST_STEP),
            verdict(steps, ratio -> ratio <= LONGEST_STEP)));
    return "%s\n\n%d steps; bits per character as mean ± sample standard deviation over %d seeds, steps in processor time of one thread, as median over rounds."
        .formatted(table.markdown(), results.get(0).steps(), results.size());
  }

  private static List<Side> sides(List<LanguageResult> results, int index) {
    return results.stream().flatMap(each -> each.sides().stream().skip(index).limit(1)).toList();
  }

  private static String bits(List<Side> sides) {
    return Averages.meanAndDeviation(sides.stream().map(Side::bits).toList());
  }

  private static String step(List<Side> sides) {
    return sides.isEmpty()
        ? NONE
        : String.format(
            Locale.ROOT, "%.1f", 1e3 * Measurements.of(values(sides, Side::stepSeconds)).median());
  }

  private static Optional<Measurements> ratios(
      List<Side> own, List<Side> torch, Function<Side, List<Double>> values) {
    return torch.size() < own.size()
        ? Optional.empty()
        : Optional.of(Measurements.ofRatios(values(own, values), values(torch, values)));
  }

  private static List<Double> values(List<Side> sides, Function<Side, List<Double>> values) {
    return sides.stream().flatMap(side -> values.apply(side).stream()).toList();
  }

  private static String verdict(Optional<Measurements> ratio, DoublePredicate holds) {
    return ratio.map(each -> holds.test(each.median()) ? "holds" : "missed").orElse("");
  }
}
