package io.espalier.bench.accuracy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** A way to reach a sparsity, or a baseline without one. */
enum RecipeRow {
  DENSE("dense", "dense"),
  /** As many weights as are kept, in a network that was built that small. */
  SMALL_DENSE("small-dense", "dense"),
  /** Random weights, chosen before training. */
  RANDOM("random", "random"),
  /** Random weights that make room for random others. */
  SET("set", "set"),
  /** Random weights that make room for those with the largest gradients. */
  RIGL("rigl", "rigl"),
  ONE_SHOT("one-shot", "one-shot"),
  GRADUAL("gradual", "gradual"),
  TAYLOR("taylor", "taylor"),
  /** Little by little; weights may return. */
  SOFT("soft", "soft"),
  /** Little by little; weights drop out at random before they go. */
  ANNEALED("annealed", "annealed");

  private final String label;
  private final String recipe;

  RecipeRow(String label, String recipe) {
    this.label = label;
    this.recipe = recipe;
  }

  @JsonCreator
  static RecipeRow of(String label) {
    return Arrays.stream(values())
        .filter(row -> row.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "row must be one of %s: row=%s"
                        .formatted(
                            String.join(
                                ", ", Arrays.stream(values()).map(RecipeRow::label).toList()),
                            label)));
  }

  @JsonValue
  String label() {
    return label;
  }

  String recipe() {
    return recipe;
  }

  boolean prunes() {
    return this != DENSE && this != SMALL_DENSE;
  }

  @Override
  public String toString() {
    return label;
  }
}
