package io.espalier.configs;

/** When how much is pruned. */
public sealed interface ScheduleConfig {
  /** The final sparsity from step 0. */
  record Constant() implements ScheduleConfig {}

  /** Nothing before {@code begin}, everything at it. */
  record OneShot(Span begin) implements ScheduleConfig {}

  /** {@code s = sf + (si − sf)(1 − x)³} (Zhu and Gupta, 2017). */
  record Cubic(Window window) implements ScheduleConfig {}

  /** {@code s = sf + (si − sf)(1 − x)^power}. */
  record Polynomial(Window window, double power) implements ScheduleConfig {
    public Polynomial {
      new Rules()
          .require("power", power, power > 0 && power <= 100, "above 0, at most 100")
          .verify();
    }
  }

  /** {@code s = sf + (si − sf)(1 + cos πx)/2}. */
  record Cosine(Window window) implements ScheduleConfig {}

  /**
   * {@code 1 − s = (1 − si)^(1−x) · (1 − sf)^x}: each update cuts the same share of what is left.
   */
  record Geometric(Window window) implements ScheduleConfig {}

  /** A schedule that the user brings. */
  record Custom(CustomSettings settings) implements ScheduleConfig {}

  /**
   * The part of a run in which a gradual schedule works.
   *
   * @param updates mask updates after {@code begin}, evenly spaced, the last at {@code end}
   * @param initial sparsity at {@code begin}; above 0 it takes an update of its own there
   */
  record Window(Span begin, Span end, int updates, double initial) {
    public Window {
      new Rules()
          .require("updates", updates, updates >= 1, "1 or more")
          .require("initial", initial, initial >= 0 && initial < 1, "at least 0 and below 1")
          .verify();
    }
  }
}
