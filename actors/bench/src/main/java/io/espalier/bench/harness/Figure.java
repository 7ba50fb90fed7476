package io.espalier.bench.harness;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the table.
 *
 * @param what was measured
 * @param network on which it was measured
 * @param ratio over the rounds
 * @param basis the absolute figures behind the ratio, for orientation
 * @param budget that the ratio should keep, if there is one
 */
public record Figure(
    String what, String network, Measurements ratio, String basis, Optional<RatioBudget> budget) {
  /** The figure under the names of {@code results.json}; without a budget its bound is absent. */
  public Map<String, Object> toMap() {
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

  /** Whether the budget holds, in a word; nothing without one. */
  public String verdict() {
    return budget.map(bound -> bound.holds(ratio.median()) ? "holds" : "missed").orElse("");
  }
}
