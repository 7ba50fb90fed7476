package io.espalier.trainer.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.espalier.configs.ImageConfig.Colour;
import io.espalier.configs.ImageConfig.Fit;
import io.espalier.trainer.data.ImageBytes;
import io.espalier.trainer.data.ImageEncoding;
import io.espalier.trainer.file.HeapRoom;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageDecoderTest {
  private static int[] decode(byte[] file, int height, int width, Fit fit, Colour colour)
      throws UnreadableImageException {
    byte[] levels = new ImageDecoder(new ImageEncoding(height, width, fit, colour)).decode(file);
    int[] unsigned = new int[levels.length];
    for (int i = 0; i < levels.length; i++) {
      unsigned[i] = levels[i] & 0xff;
    }
    return unsigned;
  }

  private static int[] grey(BufferedImage image, int height, int width, Fit fit)
      throws UnreadableImageException {
    return decode(ImageBytes.encode(image, "png"), height, width, fit, Colour.GREY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void decode_ofTheInputsSize_keepsEveryPixel(String format) throws UnreadableImageException {
    byte[] file =
        ImageBytes.encode(
            ImageBytes.rgb(new int[][] {{0x010203, 0xfffefd}, {0x102030, 0x405060}}), format);

    assertThat(decode(file, 2, 2, Fit.CROP, Colour.RGB))
        .containsExactly(1, 255, 16, 64, 2, 254, 32, 80, 3, 253, 48, 96);
  }

  /** By the header alone: the pixels are not there. */
  @Test
  void decode_ofMoreBytesThanFit_isRefusedByItsHeader() throws UnreadableImageException {
    ImageEncoding encoding = new ImageEncoding(8, 8, Fit.STRETCH, Colour.RGB);
    ImageDecoder decoder = new ImageDecoder(encoding, HeapRoom.ofHeap(1 << 20));
    BufferedImage deep = deep(300);
    byte[] file = ImageBytes.encode(deep, "png");

    assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(file, 60)))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining(
            "half of the Java heap when it is decoded: width=300, height=300, bits of a pixel=64");
    assertThat(decoder.decode(ImageBytes.encode(deep(200), "png"))).hasSize(192);
    assertThat(decoder.decode(ImageBytes.encode(ImageBytes.grey(new int[300][300]), "png")))
        .hasSize(192);
  }

  /** A square of four channels in 16 bits. */
  private static BufferedImage deep(int side) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    return new BufferedImage(model, model.createCompatibleWritableRaster(side, side), false, null);
  }

  @Test
  void decode_jpeg_isNearItsSource() throws UnreadableImageException {
    int[][] levels = new int[8][8];
    Arrays.stream(levels).forEach(row -> Arrays.fill(row, 90));

    int[] decoded =
        decode(ImageBytes.encode(ImageBytes.grey(levels), "jpeg"), 8, 8, Fit.STRETCH, Colour.GREY);

    assertThat(decoded).hasSize(64).containsOnly(90);
  }

  /** Weights of the first: (3, 3, 1) / 7, as the filter's radius is 2 and its centre at 1. */
  @Test
  void stretch_toHalf_weighsEveryPixel() throws UnreadableImageException {
    BufferedImage image = ImageBytes.grey(new int[][] {{0, 70, 140, 210}});

    assertThat(grey(image, 1, 2, Fit.STRETCH)).containsExactly(50, 160);
  }

  /** Centres at 0.25, 0.75, 1.25 and 1.75; beyond the edge there is nothing to mix with. */
  @Test
  void stretch_toTwice_mixesNeighbours() throws UnreadableImageException {
    BufferedImage image = ImageBytes.grey(new int[][] {{0, 100}});

    assertThat(grey(image, 1, 4, Fit.STRETCH)).containsExactly(0, 25, 75, 100);
  }

  @Test
  void crop_ofAWideImage_takesItsMiddle() throws UnreadableImageException {
    BufferedImage image = ImageBytes.grey(new int[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});

    assertThat(grey(image, 2, 2, Fit.CROP)).containsExactly(2, 3, 6, 7);
  }

  @Test
  void crop_ofATallImage_takesItsMiddle() throws UnreadableImageException {
    BufferedImage image = ImageBytes.grey(new int[][] {{1}, {2}, {3}, {4}, {5}});

    assertThat(grey(image, 1, 1, Fit.CROP)).containsExactly(3);
  }

  @Test
  void pad_ofAWideImage_putsBlackAboveAndBelow() throws UnreadableImageException {
    BufferedImage image = ImageBytes.grey(new int[][] {{10, 20, 30, 40}, {50, 60, 70, 80}});

    assertThat(grey(image, 4, 4, Fit.PAD))
        .containsExactly(0, 0, 0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 0, 0, 0, 0);
  }

  @Test
  void pad_ofALine_keepsOneRowOfIt() throws UnreadableImageException {
    BufferedImage image = ImageBytes.grey(new int[][] {new int[90]});
    image.getRaster().setPixels(0, 0, 90, 1, constant(90, 200));

    assertThat(grey(image, 3, 3, Fit.PAD)).containsExactly(0, 0, 0, 200, 200, 200, 0, 0, 0);
  }

  private static int[] constant(int count, int value) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }

  /** Sums all pixels of the image for every pixel of the input, in two dimensions at once. */
  @Property(tries = 300)
  void decode_anyImage_isTheBruteForceSum(
      @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll @IntRange(min = 1, max = 9) int inputHeight,
      @ForAll @IntRange(min = 1, max = 9) int inputWidth,
      @ForAll Fit fit,
      @ForAll long seed)
      throws UnreadableImageException {
    Random random = new Random(seed);
    int[][] samples = new int[height][width];
    for (int[] row : samples) {
      Arrays.setAll(row, x -> random.nextInt(256));
    }

    int[] decoded = grey(ImageBytes.grey(samples), inputHeight, inputWidth, fit);

    for (int i = 0; i < decoded.length; i++) {
      double exact =
          expected(samples, inputHeight, inputWidth, fit, i / inputWidth, i % inputWidth);
      assertThat(Math.abs(decoded[i] - exact)).isLessThan(0.5 + 1e-9);
    }
  }

  private static double expected(
      int[][] samples, int inputHeight, int inputWidth, Fit fit, int y, int x) {
    double height = samples.length;
    double width = samples[0].length;
    double down = inputHeight / height;
    double across = inputWidth / width;
    int rows = inputHeight;
    int columns = inputWidth;
    if (fit == Fit.CROP) {
      down = across = Math.max(down, across);
    } else if (fit == Fit.PAD) {
      boolean isWide = across < down;
      rows = isWide ? (int) Math.max(1, Math.round(height * across)) : rows;
      columns = isWide ? columns : (int) Math.max(1, Math.round(width * down));
      int line = y - (inputHeight - rows) / 2;
      int column = x - (inputWidth - columns) / 2;
      if (line < 0 || line >= rows || column < 0 || column >= columns) {
        return 0;
      }
      return sum(
          samples,
          (line + .5) * height / rows,
          height / rows,
          (column + .5) * width / columns,
          width / columns);
    }
    double centreY = height / 2 + (y + .5 - inputHeight / 2.0) / down;
    double centreX = width / 2 + (x + .5 - inputWidth / 2.0) / across;
    return sum(samples, centreY, 1 / down, centreX, 1 / across);
  }

  private static double sum(
      int[][] samples, double centreY, double scaleY, double centreX, double scaleX) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < samples.length; row++) {
      for (int column = 0; column < samples[0].length; column++) {
        double weight =
            Math.max(0, 1 - Math.abs(row + .5 - centreY) / Math.max(1, scaleY))
                * Math.max(0, 1 - Math.abs(column + .5 - centreX) / Math.max(1, scaleX));
        sum += weight * samples[row][column];
        weights += weight;
      }
    }
    return sum / weights;
  }

  @Test
  void decode_colourAsGrey_weighsRedGreenAndBlue() throws UnreadableImageException {
    BufferedImage image = ImageBytes.rgb(new int[][] {{0xff0000, 0x00ff00, 0x0000ff, 0xffffff}});

    assertThat(grey(image, 1, 4, Fit.CROP)).containsExactly(76, 150, 29, 255);
  }

  @Test
  void decode_greyAsColour_repeatsItsSamplesAsTheyAre() throws UnreadableImageException {
    byte[] file = ImageBytes.encode(ImageBytes.grey(new int[][] {{0, 128, 255}}), "png");

    assertThat(decode(file, 1, 3, Fit.CROP, Colour.RGB))
        .containsExactly(0, 128, 255, 0, 128, 255, 0, 128, 255);
  }

  @Test
  void decode_transparentPixels_showWhite() throws UnreadableImageException {
    BufferedImage image =
        ImageBytes.of(
            BufferedImage.TYPE_4BYTE_ABGR, new int[][] {{0x00000000, 0xff000000, 0x80000000}});

    assertThat(grey(image, 1, 3, Fit.CROP)).containsExactly(255, 0, 127);
  }

  @Test
  void decode_sixteenBits_keepsTheUpperPart() throws UnreadableImageException {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 128 * 257, 65535});
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {257, 2 * 257 + 128, 2 * 257 + 129});
    BufferedImage colour = new BufferedImage(model, raster, false, null);

    assertThat(grey(grey, 1, 3, Fit.CROP)).containsExactly(0, 128, 255);
    assertThat(decode(ImageBytes.encode(colour, "png"), 1, 1, Fit.CROP, Colour.RGB))
        .containsExactly(1, 2, 3);
  }

  @Test
  void decode_palette_isItsColours() throws UnreadableImageException {
    int[] colours = new int[16];
    System.arraycopy(new int[] {0x0a141e, 0xc8c9ca, 0x000007}, 0, colours, 0, 3);
    IndexColorModel palette =
        new IndexColorModel(4, 16, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {2, 0, 1});

    for (String format : new String[] {"png", "bmp"}) {
      assertThat(decode(ImageBytes.encode(image, format), 1, 3, Fit.CROP, Colour.RGB))
          .as(format)
          .containsExactly(0, 10, 200, 0, 20, 201, 7, 30, 202);
    }
  }

  private static byte[] withOrientation(byte[] jpeg, int orientation, boolean little) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    tiff.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    tiff.put(new byte[] {(byte) (little ? 'I' : 'M'), (byte) (little ? 'I' : 'M')});
    tiff.putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + 36);
    out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) 34);
    out.put(new byte[] {'E', 'x', 'i', 'f', 0, 0}).put(tiff.array());
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** Quarters of the stored image are 200, 120 above and 60, 0 below. */
  @ParameterizedTest
  @CsvSource({
    "1, 200, 120, 60, 0",
    "2, 120, 200, 0, 60",
    "3, 0, 60, 120, 200",
    "4, 60, 0, 200, 120",
    "5, 200, 60, 120, 0",
    "6, 60, 200, 0, 120",
    "7, 0, 120, 60, 200",
    "8, 120, 0, 200, 60",
    "9, 200, 120, 60, 0",
  })
  void decode_cameraTurned_isUpright(int orientation, int a, int b, int c, int d)
      throws UnreadableImageException {
    int[][] samples = new int[16][32];
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 32; x++) {
        samples[y][x] = y < 8 ? (x < 16 ? 200 : 120) : (x < 16 ? 60 : 0);
      }
    }
    byte[] jpeg = ImageBytes.encode(ImageBytes.grey(samples), "jpeg");

    for (boolean little : new boolean[] {true, false}) {
      byte[] file = withOrientation(jpeg, orientation, little);
      boolean turned = orientation >= 5 && orientation <= 8;
      int height = turned ? 32 : 16;
      int width = turned ? 16 : 32;
      int[] levels = decode(file, height, width, Fit.PAD, Colour.GREY);
      assertThat(levels[0]).isCloseTo(a, offset(3));
      assertThat(levels[width - 1]).isCloseTo(b, offset(3));
      assertThat(levels[(height - 1) * width]).isCloseTo(c, offset(3));
      assertThat(levels[height * width - 1]).isCloseTo(d, offset(3));
    }
  }

  private static void assertUnreadable(byte[] file, String... words) {
    assertThatThrownBy(() -> decode(file, 4, 4, Fit.CROP, Colour.RGB))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void decode_cmyk_isRefusedByName() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      Raster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
      writer.write(null, new IIOImage(raster, null, null), null);
    }

    assertUnreadable(out.toByteArray(), "not CMYK", "convert it to RGB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp"})
  void decode_truncated_isRefused(String format) {
    byte[] whole = ImageBytes.encode(ImageBytes.bar(0, 1), format);

    assertUnreadable(Arrays.copyOf(whole, whole.length / 2), "must be");
  }

  @Test
  void decode_otherContent_namesItsBeginning() {
    assertUnreadable("GIF89a".getBytes(StandardCharsets.US_ASCII), "474946383961");
    assertUnreadable(new byte[0], "bytes=0, beginning=none");
  }

  /** 60,000 × 60,000 pixels in 57 bytes. */
  @Test
  void decode_hugeSize_isRefusedBeforeItIsDecoded() {
    ByteBuffer png = ByteBuffer.allocate(57);
    png.putLong(0x89504e470d0a1a0aL);
    byte[] header =
        ByteBuffer.allocate(17)
            .put(new byte[] {'I', 'H', 'D', 'R'})
            .putInt(60_000)
            .putInt(60_000)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 crc = new CRC32();
    crc.update(header);
    png.putInt(13).put(header).putInt((int) crc.getValue());
    png.putInt(0).put(new byte[] {'I', 'D', 'A', 'T'}).putInt(0x35af061e);
    png.putInt(0).put(new byte[] {'I', 'E', 'N', 'D'}).putInt(0xae426082);

    assertUnreadable(png.array(), "at most 67108864 pixels", "width=60000, height=60000");
  }

  /** Whatever is damaged, the file is read or refused; no other exception gets out. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp"})
  void decode_damagedBytes_areReadOrRefused(String format) {
    byte[] whole = ImageBytes.encode(ImageBytes.bar(1, 2), format);
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k < 3; k++) {
        damaged[random.nextInt(Math.min(damaged.length, 120))] = (byte) random.nextInt(256);
      }
      try {
        assertThat(decode(damaged, 4, 4, Fit.CROP, Colour.RGB)).hasSize(48);
      } catch (UnreadableImageException e) {
        assertThat(e.rule()).startsWith("must");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
