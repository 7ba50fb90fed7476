package io.espalier.trainer.predict;

import io.espalier.trainer.data.format.DataFile;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of an IDX file (LeCun, Cortes and Burges, 1998), one after another: numbers of any of
 * its six types.
 *
 * <p>Not thread-safe.
 */
final class IdxStream implements Closeable {
  private static final int MAX_ENTRY = 1 << 28;

  private final DataFile file;
  private final DataInputStream in;
  private final Type type;
  private final int count;
  private final List<Integer> entry;
  private int read;

  /** Reads one number. */
  private interface Type {
    float read(DataInputStream in) throws IOException;
  }

  /** Reads the header. */
  IdxStream(DataFile file, InputStream content) throws IOException {
    this.file = file;
    this.in = new DataInputStream(content);
    int magic = in.readInt();
    this.type = type(magic);
    this.count = in.readInt();
    List<Integer> axes = new ArrayList<>();
    long size = 1;
    for (int axis = 1; axis < (magic & 0xff); axis++) {
      int length = in.readInt();
      axes.add(length);
      size = length < 1 || size > MAX_ENTRY ? Long.MAX_VALUE : size * length;
    }
    if (count < 0 || size > MAX_ENTRY) {
      throw file.problem(
          "must have entries of at most %d numbers: entries=%d, axes=%s"
              .formatted(MAX_ENTRY, count, axes));
    }
    this.entry = List.copyOf(axes);
  }

  int count() {
    return count;
  }

  /** Length of each axis of one entry. */
  List<Integer> entry() {
    return entry;
  }

  /** Reads the next entry's {@code length} numbers to {@code at}; false at the end. */
  boolean next(float[] target, int at, int length) {
    try {
      if (read == count) {
        requireEnd();
        return false;
      }
      for (int i = 0; i < length; i++) {
        target[at + i] = number(i);
      }
      read++;
      return true;
    } catch (EOFException e) {
      throw file.problem(
          "must not end early: entries=%d, whole=%d; the file is truncated".formatted(count, read));
    } catch (IOException e) {
      throw file.problem("must be readable: " + e);
    }
  }

  private void requireEnd() throws IOException {
    if (in.read() >= 0) {
      throw file.problem("must end after its last entry: entries=" + count);
    }
  }

  private float number(int index) throws IOException {
    float value = type.read(in);
    if (!Float.isFinite(value)) {
      throw file.problem(
          "every value must be a finite number: row=%d, index=%d, value=%s"
              .formatted(read + 1, index, value));
    }
    return value;
  }

  private Type type(int magic) {
    return switch (magic >>> 8) {
      case 0x08 -> DataInputStream::readUnsignedByte;
      case 0x09 -> DataInputStream::readByte;
      case 0x0B -> DataInputStream::readShort;
      case 0x0C -> DataInputStream::readInt;
      case 0x0D -> DataInputStream::readFloat;
      case 0x0E -> in -> (float) in.readDouble();
      default ->
          throw file.problem("must be an IDX file of numbers: magic=0x%08x".formatted(magic));
    };
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
