package io.espalier.bench.accuracy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** A line of the table: a way to reach a sparsity, or a baseline without one. */
enum RecipeRow {
  /** The network as it is: what pruning may cost is measured against it. */
  DENSE("dense", "dense"),
  /** As many weights as are kept, in a network that was built that small. */
  SMALL_DENSE("small-dense", "dense"),
  /** Random weights, chosen before training. */
  RANDOM("random", "random"),
  /** Random weights that make room for random others. */
  SET("set", "set"),
  /** Random weights that make room for those with the largest gradients. */
  RIGL("rigl", "rigl"),
  /** Everything at once, late. */
  ONE_SHOT("one-shot", "one-shot"),
  /** Little by little, for good. */
  GRADUAL("gradual", "gradual"),
  /** Little by little, by first-order Taylor scores. */
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

  /** The shipped recipe that it starts from. */
  String recipe() {
    return recipe;
  }

  /** Whether its network is pruned. */
  boolean prunes() {
    return this != DENSE && this != SMALL_DENSE;
  }

  @Override
  public String toString() {
    return label;
  }
}
