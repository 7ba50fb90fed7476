package io.espalier.bench.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a table of ratios.
 *
 * @param basis the absolute figures behind the ratio, for orientation
 * @param budget that the ratio should keep, if there is one
 */
public record Figure(
    String what, String network, Measurements ratio, String basis, Optional<Budget> budget) {
  static final List<String> HEADER =
      List.of("network", "ratio", "median (quartiles)", "budget", "", "from");

  /** A bound on a ratio: the largest allowed value if {@code upper}, else the smallest. */
  public record Budget(double bound, boolean upper) {
    public static Budget atMost(double bound) {
      return new Budget(bound, true);
    }

    public static Budget atLeast(double bound) {
      return new Budget(bound, false);
    }

    boolean holds(double value) {
      return upper ? value <= bound : value >= bound;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.2f", upper ? "≤" : "≥", bound);
    }
  }

  public Figure(String what, String network, Measurements ratio, String basis) {
    this(what, network, ratio, basis, Optional.empty());
  }

  public Figure(String what, String network, Measurements ratio, String basis, Budget budget) {
    this(what, network, ratio, basis, Optional.of(budget));
  }

  /** The same figure with other absolute figures behind it. */
  public Figure from(String basis) {
    return new Figure(what, network, ratio, basis, budget);
  }

  /** The figure under the names of {@code results.json}; without a budget its bound is absent. */
  Map<String, Object> toMap() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("network", network);
    facts.put("ratio", what);
    facts.put("median", ratio.median());
    facts.put("lowerQuartile", ratio.lower());
    facts.put("upperQuartile", ratio.upper());
    budget.ifPresent(
        bound -> {
          facts.put("budget", bound.toString());
          facts.put("holds", bound.holds(ratio.median()));
        });
    facts.put("basis", basis);
    return facts;
  }

  List<String> cells() {
    return List.of(
        network, what, ratio.shown(), budget.map(Budget::toString).orElse(""), verdict(), basis);
  }

  /** Returns whether the budget holds, in a word; empty without a budget. */
  public String verdict() {
    return budget.map(bound -> bound.holds(ratio.median()) ? "holds" : "missed").orElse("");
  }
}
