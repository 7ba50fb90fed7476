package io.espalier.trainer.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Image files of tests. */
public final class ImageBytes {
  private ImageBytes() {}

  /** A grey image of raw samples {@code [height, width]}. */
  public static BufferedImage grey(int[][] samples) {
    BufferedImage image =
        new BufferedImage(samples[0].length, samples.length, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < samples.length; y++) {
      image.getRaster().setPixels(0, y, samples[y].length, 1, samples[y]);
    }
    return image;
  }

  /** An opaque image of colours {@code 0xRRGGBB} {@code [height, width]}. */
  public static BufferedImage rgb(int[][] colours) {
    return of(BufferedImage.TYPE_3BYTE_BGR, colours);
  }

  public static BufferedImage of(int type, int[][] argb) {
    BufferedImage image = new BufferedImage(argb[0].length, argb.length, type);
    for (int y = 0; y < argb.length; y++) {
      for (int x = 0; x < argb[y].length; x++) {
        image.setRGB(x, y, image.getColorModel().hasAlpha() ? argb[y][x] : argb[y][x] | 0xff000000);
      }
    }
    return image;
  }

  /**
   * Noise with a bright bar in the upper half for class 0, in the left half for class 1, of a size
   * that varies too.
   */
  public static BufferedImage bar(int label, long seed) {
    Random random = new Random(seed * 31 + label);
    int height = 12 + random.nextInt(8);
    int width = 12 + random.nextInt(8);
    int[][] colours = new int[height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean bright = label == 0 ? y < height / 2 : x < width / 2;
        int level = (bright ? 150 : 10) + random.nextInt(90);
        colours[y][x] = level << 16 | level << 8 | random.nextInt(200);
      }
    }
    return rgb(colours);
  }

  /** A file in a format of {@code javax.imageio}: png, jpeg or bmp. */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer: format=" + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path write(Path file, BufferedImage image, String format) {
    return write(file, encode(image, format));
  }
}
