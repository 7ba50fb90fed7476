package io.espalier.configs;

import java.util.List;

/**
 * How image files of any size become inputs of one shape.
 *
 * @param size the side of a square, or height and width
 */
public record ImageConfig(List<Integer> size, Fit fit, Colour colour) {
  /** The largest height and width of an input. */
  public static final int MAX_SIDE = 1024;

  public ImageConfig {
    size = List.copyOf(size);
    new Rules()
        .require(
            "size",
            size,
            (size.size() == 1 || size.size() == 2)
                && size.stream().allMatch(side -> side >= 1 && side <= MAX_SIDE),
            "one side of a square or [height, width], each from 1 to 1,024")
        .verify();
  }

  public int height() {
    return size.get(0);
  }

  public int width() {
    return size.get(size.size() - 1);
  }

  /** Says how an image whose sides have another ratio than the input's is fitted. */
  public enum Fit {
    /** The image covers the input; what stands out on two sides is cut off evenly. */
    CROP,
    /** The whole image is centred; the rest is black. */
    PAD,
    /** The image is distorted. */
    STRETCH
  }

  public enum Colour {
    GREY(1),
    RGB(3);

    private final int channels;

    Colour(int channels) {
      this.channels = channels;
    }

    public int channels() {
      return channels;
    }
  }
}
