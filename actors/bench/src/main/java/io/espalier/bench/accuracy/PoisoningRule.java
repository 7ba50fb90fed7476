package io.espalier.bench.accuracy;

import java.util.List;

enum PoisoningRule {
  BOUNDED("mean, bounds of 1.5 (default)"),
  TIGHT("mean, bounds of 1"),
  FREE("mean, no bounds"),
  MEDIAN("median"),
  TRIMMED("trimmed-mean, drop = 2"),
  KRUM("krum, faulty = 2");

  private final String title;

  PoisoningRule(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  List<String> overrides() {
    return switch (this) {
      case BOUNDED -> List.of();
      case TIGHT -> List.of("federation.norm-bound=1", "federation.weight-bound=1");
      case FREE ->
          List.of(
              "federation.norm-bound=none",
              "federation.weight-bound=none",
              "federation.loss-bound=none");
      case MEDIAN -> List.of("federation.aggregation=median");
      case TRIMMED ->
          List.of("federation.aggregation.kind=trimmed-mean", "federation.aggregation.drop=2");
      case KRUM -> List.of("federation.aggregation.kind=krum", "federation.aggregation.faulty=2");
    };
  }
}
