package io.espalier.bench.accuracy;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param network the recipe's, which a small dense one is measured against
 * @param initial how weights are drawn
 */
record TableLine(RecipeRow row, String network, String initial) {
  String padded() {
    return String.format(Locale.ROOT, "%-11s %-13s %-14s", row, network, initial);
  }
}
