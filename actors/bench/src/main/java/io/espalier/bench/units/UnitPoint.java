package io.espalier.bench.units;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A line over its seeds.
 *
 * @param macs kept share of the dense network's multiply-accumulates
 * @param toDenseJava time of a step as a share of the dense one in plain Java
 * @param toDenseEngine time of a step as a share of the engine's dense one
 * @param milliseconds of a step, their mean
 * @param qualities accuracies in percent, or bits per character, of each seed
 */
record UnitPoint(
    String unit,
    double macs,
    double toDenseJava,
    double toDenseEngine,
    double milliseconds,
    List<Double> qualities) {
  UnitPoint {
    qualities = List.copyOf(qualities);
  }

  boolean isDense() {
    return unit.equals(UnitRow.DENSE_JAVA) || unit.equals(UnitRow.DENSE_ENGINE);
  }

  double quality() {
    return qualities.stream().mapToDouble(each -> each).average().orElseThrow();
  }

  /** Lines of one network in order; a dense one is among them. */
  static List<UnitPoint> of(List<UnitResult> results) {
    double dense =
        results.stream()
            .filter(each -> each.unit().equals(UnitRow.DENSE_JAVA))
            .mapToLong(each -> each.outcome().macs())
            .findFirst()
            .orElseThrow();
    return results.stream()
        .map(UnitResult::unit)
        .distinct()
        .map(
            unit ->
                of(unit, results.stream().filter(each -> each.unit().equals(unit)).toList(), dense))
        .toList();
  }

  private static UnitPoint of(String unit, List<UnitResult> own, double dense) {
    return new UnitPoint(
        unit,
        mean(own, each -> each.outcome().macs()) / dense,
        mean(own, UnitResult::toDenseJava),
        mean(own, UnitResult::toDenseEngine),
        1e3 * mean(own, UnitResult::seconds),
        own.stream().map(each -> each.outcome().quality()).toList());
  }

  private static double mean(List<UnitResult> own, ToDoubleFunction<UnitResult> value) {
    return own.stream().mapToDouble(value).average().orElseThrow();
  }
}
