package io.espalier.bench.accuracy;

import java.util.List;
import java.util.stream.Stream;

/** A line of the table, and what it lays over the study's recipe. */
record ShrinkRow(String label, List<String> overrides) {
  private static final String DENSE = "dense";

  ShrinkRow {
    overrides = List.copyOf(overrides);
  }

  /** The line that all others are measured against. */
  static ShrinkRow dense() {
    return new ShrinkRow(DENSE, List.of("prune.sparsity=0"));
  }

  /** The same with what is pruned drawn at random: the control. */
  ShrinkRow random() {
    return new ShrinkRow(
        "random-" + label,
        Stream.concat(overrides.stream(), Stream.of("prune.score=random")).toList());
  }

  static boolean isDense(String label) {
    return label.equals(DENSE);
  }
}
