package io.espalier.masks.aggregation;

/** Checks that arrays belong to the same parameter. */
final class Sizes {
  private Sizes() {}

  static void require(int expected, int found) {
    if (expected != found) {
      throw new IllegalArgumentException(
          "there must be one value per unit: units=%d, values=%d".formatted(expected, found));
    }
  }
}
