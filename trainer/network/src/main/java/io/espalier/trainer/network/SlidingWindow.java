package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;

/** A square window that moves over an image; {@code padding} counts the values on each side. */
record SlidingWindow(int kernel, int stride, int padding) {
  private static final int LONGEST_IN_RECIPES = 1000;

  SlidingWindow {
    LayerParameters.requirePositive("kernel", kernel);
    LayerParameters.requirePositive("stride", stride);
    if (padding < 0) {
      throw new IllegalArgumentException("padding must be 0 or more: padding=" + padding);
    }
    if (Math.max(kernel, padding) > LayerParameters.LONGEST) {
      throw new IllegalArgumentException(
          "kernel and padding must be at most %d: kernel=%d, padding=%d"
              .formatted(LayerParameters.LONGEST, kernel, padding));
    }
  }

  static Rules rules(int kernel, int stride, int padding) {
    int most = LONGEST_IN_RECIPES;
    return new Rules()
        .require("kernel", kernel, kernel >= 1 && kernel <= most, "from 1 to " + most)
        .require("stride", stride, stride >= 1 && stride <= most, "from 1 to " + most)
        .require("padding", padding, padding >= 0 && padding <= most, "from 0 to " + most);
  }

  /** Reads the window of a pool; windows lie side by side unless {@code stride} is given. */
  static SlidingWindow ofPool(Settings settings) {
    int kernel = settings.whole("kernel", 2);
    int stride = settings.whole("stride", Math.max(1, kernel));
    int padding = settings.whole("padding", 0);
    rules(kernel, stride, padding).verify();
    new Rules()
        .require("padding", padding, padding <= kernel / 2, "at most half of the kernel")
        .verify();
    return new SlidingWindow(kernel, stride, padding);
  }
}
