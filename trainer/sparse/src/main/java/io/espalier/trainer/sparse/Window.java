package io.espalier.trainer.sparse;

/** How a weight moves over an image; a linear layer is a 1×1 window on a 1×1 image. */
record Window(int kernel, int stride, int padding, int groups) {
  static final Window LINEAR = new Window(1, 1, 0, 1);

  /** Cells that the data gradient reads around the gradient of the output, along one axis. */
  int gradientBorder(int length, int outputs) {
    int before = Math.floorDiv(kernel - 1 - padding, stride);
    int after = (length - 1 + padding) / stride - (outputs - 1);
    return Math.max(0, Math.max(before, after));
  }
}
