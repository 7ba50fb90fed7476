package io.espalier.trainer.data.source;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of an IDX file, one after another, so that a file of any length fits; {@link IdxFile}
 * has the format.
 *
 * <p>Not thread-safe.
 */
final class IdxStream implements Closeable {
  private static final int MAX_ENTRY = 1 << 28;

  private final DataFile file;
  private final DataInputStream in;
  private final IdxType type;
  private final int count;
  private final List<Integer> entry;
  private final ByteBuffer bytes;
  private int read;

  public IdxStream(DataFile file, InputStream content) throws IOException {
    this.file = file;
    this.in = new DataInputStream(content);
    int magic = in.readInt();
    this.type =
        IdxType.of(magic >>> 8)
            .orElseThrow(
                () ->
                    file.problem("must be an IDX file of numbers: magic=0x%08x".formatted(magic)));
    this.count = in.readInt();
    List<Integer> axes = new ArrayList<>();
    long size = type.bytes();
    for (int axis = 1; axis < (magic & 0xff); axis++) {
      int length = in.readInt();
      axes.add(length);
      size = length < 1 || size > MAX_ENTRY ? Long.MAX_VALUE : size * length;
    }
    if (count < 0 || size > MAX_ENTRY) {
      throw file.problem(
          "must have entries of at most %d bytes: entries=%d, axes=%s"
              .formatted(MAX_ENTRY, count, axes));
    }
    this.entry = List.copyOf(axes);
    this.bytes = ByteBuffer.allocate((int) size);
  }

  public IdxType type() {
    return type;
  }

  public int count() {
    return count;
  }

  public List<Integer> entry() {
    return entry;
  }

  /**
   * Reads the next entry's numbers to {@code target} from {@code at}; false at the end.
   *
   * @throws io.espalier.configs.InvalidConfigException if a number is not finite, or the file ends
   *     early or late
   */
  public boolean next(float[] target, int at) {
    if (!hasNext()) {
      return false;
    }
    for (int i = 0; i < bytes.capacity() / type.bytes(); i++) {
      float value = type.real(bytes, i);
      if (!Float.isFinite(value)) {
        throw file.problem(
            "every value must be a finite number: row=%d, index=%d, value=%s"
                .formatted(read, i, value));
      }
      target[at + i] = value;
    }
    return true;
  }

  /**
   * Reads the next entry's bytes as they are stored to {@code target} from {@code at}; false at the
   * end.
   *
   * @throws io.espalier.configs.InvalidConfigException if the file ends early or late
   */
  public boolean nextBytes(byte[] target, int at) {
    if (!hasNext()) {
      return false;
    }
    bytes.get(0, target, at, bytes.capacity());
    return true;
  }

  /**
   * The next entry's only number.
   *
   * @throws io.espalier.configs.InvalidConfigException if the file's type has fractions, or the
   *     file ends early
   */
  public int nextWhole() {
    if (!type.isWhole() || bytes.capacity() != type.bytes()) {
      throw file.problem(
          "must hold one whole number per entry: type=%s, axes=%s".formatted(type, entry));
    }
    if (!hasNext()) {
      throw file.problem("must have another entry: entries=" + count);
    }
    return type.whole(bytes, 0);
  }

  private boolean hasNext() {
    try {
      if (read == count) {
        requireEnd();
        return false;
      }
      in.readFully(bytes.array());
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

  @Override
  public void close() throws IOException {
    in.close();
  }
}
