package io.espalier.bench.cost;

import java.util.List;

/** A kind of step that is timed beside the engine's dense one. */
enum StepKind {
  WEIGHTS("sparse step", "kept weights only", "#c2410c", "none", ""),
  CHANNELS("step of fewer channels", "fewer channels", "#2563eb", "none", ""),
  BLOCKS_GLOBAL(
      "step of kept blocks 16x1 (global magnitude)",
      "kept blocks 16x1, global",
      "#15803d",
      "5 4",
      "global"),
  BLOCKS_UNIFORM(
      "step of kept blocks 16x1 (uniform)",
      "kept blocks 16x1, uniform",
      "#15803d",
      "none",
      "uniform");

  private final String step;
  private final String legend;
  private final String colour;
  private final String dashes;
  private final String allocation;

  StepKind(String step, String legend, String colour, String dashes, String allocation) {
    this.step = step;
    this.legend = legend;
    this.colour = colour;
    this.dashes = dashes;
    this.allocation = allocation;
  }

  /** Its name in a figure. */
  String step() {
    return step;
  }

  String legend() {
    return legend;
  }

  String colour() {
    return colour;
  }

  /** The pattern of its line in a picture, as SVG has it. */
  String dashes() {
    return dashes;
  }

  /** What it sets in the recipe beside the sparsity. */
  List<String> settings() {
    return allocation.isEmpty()
        ? List.of()
        : List.of("prune.granularity=\"block 16x1\"", "prune.allocation=" + allocation);
  }
}
