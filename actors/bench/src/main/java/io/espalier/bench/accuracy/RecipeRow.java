package io.espalier.bench.accuracy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.espalier.configs.recipe.Recipes;

/** A shipped recipe, or {@code small-dense}: as many weights as are kept, built that small. */
record RecipeRow(@JsonValue String label) {
  static final RecipeRow DENSE = new RecipeRow("dense");
  static final RecipeRow SMALL_DENSE = new RecipeRow("small-dense");

  /** The one row whose mask lets weights return. */
  static final RecipeRow SOFT = new RecipeRow("soft");

  @JsonCreator
  static RecipeRow of(String label) {
    RecipeRow row = new RecipeRow(label);
    if (!row.equals(SMALL_DENSE) && !Recipes.names().contains(label)) {
      throw new IllegalArgumentException(
          "row must be small-dense or a shipped recipe: row=%s, recipes=%s"
              .formatted(label, String.join(", ", Recipes.names())));
    }
    return row;
  }

  String recipe() {
    return equals(SMALL_DENSE) ? DENSE.label : label;
  }

  /** Where its line stands: in the order of the recipes, small-dense after dense. */
  int place() {
    return 2 * Recipes.names().indexOf(recipe()) + (equals(SMALL_DENSE) ? 1 : 0);
  }

  boolean prunes() {
    return !equals(DENSE) && !equals(SMALL_DENSE);
  }

  @Override
  public String toString() {
    return label;
  }
}
