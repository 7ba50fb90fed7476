package io.espalier.trainer.data.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The facts that the segments of a JPEG file hold beyond its pixels (ITU-T T.81; Exif 2.32, CIPA
 * DC-008).
 *
 * @param components of the frame: 1 for grey, 3 for colour, 4 for CMYK; 0 without a frame
 * @param ends whether the file has an end marker behind its first scan
 */
record Jpeg(int components, Orientation orientation, boolean ends) {
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int APPLICATION_1 = 0xe1;
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT_TYPE = 3;
  private static final int ENTRY_BYTES = 12;

  /** Reads a file that begins with a JPEG marker; damage ends the reading, and is not an error. */
  static Jpeg of(byte[] file) {
    int components = 0;
    Orientation orientation = Orientation.UPRIGHT;
    int at = 2;
    while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
      int marker = file[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int length = (file[at + 2] & 0xff) << 8 | (file[at + 3] & 0xff);
      int end = Math.min(file.length, at + 2 + length);
      if (marker == START_OF_SCAN) {
        return new Jpeg(components, orientation, endsAfter(file, end));
      }
      if (isFrame(marker) && at + 10 <= end) {
        components = file[at + 9] & 0xff;
      } else if (marker == APPLICATION_1 && orientation == Orientation.UPRIGHT) {
        orientation = exif(file, at + 4, end);
      }
      at += 2 + length;
    }
    return new Jpeg(components, orientation, false);
  }

  /** SOF0 to SOF15 without the tables and the extension among them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static boolean endsAfter(byte[] file, int from) {
    for (int i = file.length - 2; i >= from; i--) {
      if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == END_OF_IMAGE) {
        return true;
      }
    }
    return false;
  }

  private static Orientation exif(byte[] file, int from, int end) {
    int tiff = from + EXIF.length;
    if (tiff > end || !Arrays.equals(file, from, tiff, EXIF, 0, EXIF.length)) {
      return Orientation.UPRIGHT;
    }
    try {
      return tag(ByteBuffer.wrap(file, tiff, end - tiff).slice());
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // Damaged camera data say nothing about the pixels.
      return Orientation.UPRIGHT;
    }
  }

  /** The orientation of the first directory: byte order, 42, offset; count, entries. */
  private static Orientation tag(ByteBuffer tiff) {
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + i * ENTRY_BYTES;
      if ((tiff.getShort(entry) & 0xffff) == ORIENTATION_TAG
          && tiff.getShort(entry + 2) == SHORT_TYPE) {
        return Orientation.ofExif(tiff.getShort(entry + 8));
      }
    }
    return Orientation.UPRIGHT;
  }
}
