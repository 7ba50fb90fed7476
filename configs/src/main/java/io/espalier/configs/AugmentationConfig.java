package io.espalier.configs;

/**
 * Random variation of training images; evaluation uses every image unchanged.
 *
 * @param flip whether every second image, by chance, is mirrored from left to right
 * @param crop pixels of the border that is put around an image before a part of the old size is cut
 *     out at random; 0 leaves it in place
 */
public record AugmentationConfig(boolean flip, int crop) {
  public static final AugmentationConfig NONE = new AugmentationConfig(false, 0);

  public AugmentationConfig {
    new Rules().require("crop", crop, crop >= 0, "0 or more").verify();
  }

  @Override
  public String toString() {
    return "{ flip = " + flip + ", crop = " + crop + " }";
  }
}
