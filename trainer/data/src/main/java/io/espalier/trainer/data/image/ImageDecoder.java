package io.espalier.trainer.data.image;

import io.espalier.trainer.data.ImageEncoding;
import io.espalier.trainer.file.HeapRoom;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes PNG, JPEG and BMP files to inputs of one shape. Immutable and thread-safe. */
public final class ImageDecoder {
  /** The most bytes of a file. */
  public static final int MAX_BYTES = 1 << 28;

  /** The most pixels of an image; a file is refused before they are decoded. */
  public static final long MAX_PIXELS = 1L << 26;

  private static final List<String> SUFFIXES = List.of(".png", ".jpg", ".jpeg", ".bmp");

  /** Images above this size are decoded one at a time, as each takes much memory. */
  private static final long LARGE_PIXELS = 1L << 22;

  private static final Object LARGE = new Object();
  private static final int CMYK = 4;

  private final ImageEncoding encoding;
  private final HeapRoom room;

  public ImageDecoder(ImageEncoding encoding) {
    this(encoding, HeapRoom.ofProcess());
  }

  /** Refuses images that do not fit into {@code room}, one by one. */
  ImageDecoder(ImageEncoding encoding, HeapRoom room) {
    this.encoding = encoding;
    this.room = room;
  }

  /** Whether a file is taken for an image by its name; its content decides the format. */
  public static boolean isNamedAsImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(lower::endsWith);
  }

  private enum Format {
    PNG("89504e470d0a1a0a"),
    JPEG("ffd8ff"),
    BMP("424d");

    private static final int SHOWN_BYTES = 8;

    private final String beginning;

    Format(String beginning) {
      this.beginning = beginning;
    }

    static Format of(byte[] file) throws UnreadableImageException {
      String found = HexFormat.of().formatHex(file, 0, Math.min(SHOWN_BYTES, file.length));
      for (Format format : values()) {
        if (found.startsWith(format.beginning)) {
          return format;
        }
      }
      throw new UnreadableImageException(
          "must be a PNG, JPEG or BMP file by its content: bytes=%d, beginning=%s"
              .formatted(file.length, found.isEmpty() ? "none" : found));
    }
  }

  /** Levels {@code [channels, height, width]} of the file's first image, as unsigned bytes. */
  public byte[] decode(byte[] file) throws UnreadableImageException {
    Format format = Format.of(file);
    Orientation orientation = Orientation.UPRIGHT;
    if (format == Format.JPEG) {
      Jpeg jpeg = Jpeg.of(file);
      requireReadable(jpeg);
      orientation = jpeg.orientation();
    }
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
    if (!readers.hasNext()) {
      throw new IllegalStateException("Java must have a reader: format=" + format);
    }
    ImageReader reader = readers.next();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      return decode(reader, orientation);
    } catch (UnreadableImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Java's readers throw many kinds of exceptions on damaged files.
      throw new UnreadableImageException(
          "must be an undamaged %s file: %s".formatted(format, reason(e)), e);
    } finally {
      reader.dispose();
    }
  }

  private static void requireReadable(Jpeg jpeg) throws UnreadableImageException {
    if (jpeg.components() == CMYK) {
      throw new UnreadableImageException(
          "must be a grey or RGB image, not CMYK: components=4; convert it to RGB");
    }
    if (!jpeg.ends()) {
      throw new UnreadableImageException(
          "must be a whole JPEG file: it has no end marker and is truncated");
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private byte[] decode(ImageReader reader, Orientation orientation) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MAX_PIXELS) {
      throw new UnreadableImageException(
          "must have at most %d pixels: width=%d, height=%d; make it smaller first"
              .formatted(MAX_PIXELS, reader.getWidth(0), reader.getHeight(0)));
    }
    requireRoom(reader, pixels);
    if (pixels <= LARGE_PIXELS) {
      return encode(reader.read(0), orientation);
    }
    synchronized (LARGE) {
      try {
        return encode(reader.read(0), orientation);
      } catch (OutOfMemoryError e) {
        throw new UnreadableImageException(
            "must fit the heap when it is decoded: width=%d, height=%d; make it smaller, or give Java more memory"
                .formatted(reader.getWidth(0), reader.getHeight(0)),
            e);
      }
    }
  }

  /** Refuses by the header what does not fit once it is decoded. */
  private void requireRoom(ImageReader reader, long pixels) throws IOException {
    SampleModel samples = reader.getImageTypes(0).next().getSampleModel();
    long bits =
        (long) samples.getNumDataElements() * DataBuffer.getDataTypeSize(samples.getDataType());
    if (!room.fits(pixels * bits / Byte.SIZE)) {
      throw new UnreadableImageException(
          "must fit into half of the Java heap when it is decoded: width=%d, height=%d, bits of a pixel=%d, half of the heap=%d MB; make it smaller first, or %s"
              .formatted(
                  reader.getWidth(0), reader.getHeight(0), bits, room.megabytes(), HeapRoom.MORE));
    }
  }

  private byte[] encode(BufferedImage image, Orientation orientation) {
    boolean swaps = orientation.swapsSides();
    Frame frame =
        Frame.of(
            encoding.fit(),
            image.getWidth(),
            image.getHeight(),
            swaps ? encoding.height() : encoding.width(),
            swaps ? encoding.width() : encoding.height());
    int channels = encoding.colour().channels();
    byte[][] planes = Resampling.resample(new PixelRows(image, encoding.colour()), channels, frame);
    int height = swaps ? frame.targetWidth() : frame.targetHeight();
    int width = swaps ? frame.targetHeight() : frame.targetWidth();
    byte[] levels = new byte[encoding.shape().size()];
    for (int channel = 0; channel < channels; channel++) {
      byte[] plane =
          orientation.upright(planes[channel], frame.targetHeight(), frame.targetWidth());
      place(plane, height, width, levels, channel);
    }
    return levels;
  }

  /** Centres a plane within a channel of the input; the rest stays black. */
  private void place(byte[] plane, int height, int width, byte[] levels, int channel) {
    int top = (encoding.height() - height) / 2;
    int left = (encoding.width() - width) / 2;
    for (int y = 0; y < height; y++) {
      int to = (channel * encoding.height() + top + y) * encoding.width() + left;
      System.arraycopy(plane, y * width, levels, to, width);
    }
  }
}
