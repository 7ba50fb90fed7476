package io.espalier.masks.federated;

/** Checks that arrays belong to the same parameter. */
final class SizeCheck {
  private SizeCheck() {}

  static void require(int expected, int found) {
    if (expected != found) {
      throw new IllegalArgumentException(
          "there must be one value per unit: units=%d, values=%d".formatted(expected, found));
    }
  }
}
