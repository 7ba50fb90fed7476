package io.espalier.bench.accuracy;

import java.util.List;

enum PoisoningRule {
  BOUNDED("mean, bounds of 1.5 (default)", List.of()),
  TIGHT("mean, bounds of 1", List.of("federation.norm-bound=1", "federation.weight-bound=1")),
  FREE(
      "mean, no bounds",
      List.of(
          "federation.norm-bound=none",
          "federation.weight-bound=none",
          "federation.loss-bound=none")),
  MEDIAN("median", List.of("federation.aggregation=median")),
  TRIMMED(
      "trimmed-mean, drop = 2",
      List.of("federation.aggregation.kind=trimmed-mean", "federation.aggregation.drop=2")),
  KRUM(
      "krum, faulty = 2",
      List.of("federation.aggregation.kind=krum", "federation.aggregation.faulty=2"));

  private final String title;
  private final List<String> overrides;

  PoisoningRule(String title, List<String> overrides) {
    this.title = title;
    this.overrides = overrides;
  }

  String title() {
    return title;
  }

  List<String> overrides() {
    return overrides;
  }
}
