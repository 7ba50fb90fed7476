package io.espalier.trainer.data.image;

import io.espalier.configs.ImageConfig.Fit;

/**
 * The part of an image that is seen, in its pixels, and the size that it gets within an input.
 *
 * @param left may lie within a pixel, as may the other sides of the part
 */
record Frame(
    double left,
    double top,
    double partWidth,
    double partHeight,
    int targetWidth,
    int targetHeight) {
  static Frame of(Fit fit, int width, int height, int inputWidth, int inputHeight) {
    long across = (long) width * inputHeight;
    long down = (long) height * inputWidth;
    return switch (fit) {
      case STRETCH -> new Frame(0, 0, width, height, inputWidth, inputHeight);
      case CROP -> {
        double partWidth = across > down ? (double) down / inputHeight : width;
        double partHeight = across > down ? height : (double) across / inputWidth;
        yield new Frame(
            (width - partWidth) / 2,
            (height - partHeight) / 2,
            partWidth,
            partHeight,
            inputWidth,
            inputHeight);
      }
      case PAD ->
          new Frame(
              0,
              0,
              width,
              height,
              across > down ? inputWidth : scaled(across, height),
              across > down ? scaled(down, width) : inputHeight);
    };
  }

  private static int scaled(long product, int side) {
    return Math.max(1, (int) Math.round((double) product / side));
  }
}
