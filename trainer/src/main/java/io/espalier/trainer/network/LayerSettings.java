package io.espalier.trainer.network;

/** Checks that settings of layers have in common; each throws {@link IllegalArgumentException}. */
final class LayerSettings {
  /** The most rows or columns of a window or of its padding: sums of lengths stay in range. */
  static final int LONGEST = 1 << 20;

  private LayerSettings() {}

  static void requireWindow(int kernel, int stride, int padding) {
    requirePositive("kernel", kernel);
    requirePositive("stride", stride);
    if (padding < 0) {
      throw new IllegalArgumentException("padding must be 0 or more: padding=" + padding);
    }
    if (Math.max(kernel, padding) > LONGEST) {
      throw new IllegalArgumentException(
          "kernel and padding must be at most %d: kernel=%d, padding=%d"
              .formatted(LONGEST, kernel, padding));
    }
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
    }
  }

  static void requireFinite(String name, float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite: " + name + "=" + value);
    }
  }
}
