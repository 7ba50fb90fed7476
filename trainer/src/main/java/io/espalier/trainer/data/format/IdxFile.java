package io.espalier.trainer.data.format;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An array of unsigned bytes in the IDX format of MNIST (LeCun, Cortes and Burges, 1998), plain or
 * gzipped.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |       0       |       0       | type 8 = byte |     rank      |
 *  +---------------+---------------+---------------+---------------+
 *  |          length of each axis, big-endian, rank times          |
 *  +---------------------------------------------------------------+
 *  |                       values, row-major                      ...
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class IdxFile {
  private static final int UNSIGNED_BYTE = 8;
  private static final long MAX_VALUES = 1 << 30;

  /** The most that deflate can expand, with room for the stream's own header. */
  private static final long MAX_EXPANSION = 1_040;

  private final List<Integer> dimensions;
  private final byte[] values;

  private IdxFile(List<Integer> dimensions, byte[] values) {
    this.dimensions = dimensions;
    this.values = values;
  }

  /**
   * Reads a whole file, whose unpacked bytes also go into {@code digest}. What the header promises
   * is checked against the file's length before memory is taken for it.
   *
   * @throws io.espalier.configs.InvalidConfigException if the file is not an IDX file of this rank,
   *     or is damaged
   */
  public static IdxFile read(DataFile file, int rank, MessageDigest digest) {
    boolean packed = file.path().toString().endsWith(".gz");
    try (InputStream raw = Files.newInputStream(file.path());
        InputStream content = packed ? new GZIPInputStream(raw, 1 << 16) : raw;
        DataInputStream in = new DataInputStream(new DigestInputStream(content, digest))) {
      long available = Files.size(file.path()) * (packed ? MAX_EXPANSION : 1);
      return read(file, in, rank, available);
    } catch (EOFException e) {
      throw file.problem("must not end early: the file is truncated; fetch it again");
    } catch (ZipException e) {
      throw file.problem("must be an undamaged gzip file: " + e.getMessage() + "; fetch it again");
    } catch (IOException e) {
      throw file.problem("must be readable: " + e);
    }
  }

  private static IdxFile read(DataFile file, DataInputStream in, int rank, long available)
      throws IOException {
    int expected = UNSIGNED_BYTE << 8 | rank;
    int magic = in.readInt();
    if (magic != expected) {
      throw file.problem(
          "must be an IDX file of %d-dimensional bytes: magic=0x%08x, expected=0x%08x"
              .formatted(rank, magic, expected));
    }
    List<Integer> dimensions = new ArrayList<>();
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      int length = in.readInt();
      dimensions.add(length);
      size = length < 1 || size > MAX_VALUES ? Long.MAX_VALUE : size * length;
    }
    if (size > MAX_VALUES || size > available) {
      throw file.problem(
          "must hold as many values as its header says, at most %d: dimensions=%s"
              .formatted(MAX_VALUES, dimensions));
    }
    byte[] values = new byte[(int) size];
    in.readFully(values);
    if (in.read() >= 0) {
      throw file.problem(
          "must end after the values that its header announces: dimensions=" + dimensions);
    }
    return new IdxFile(List.copyOf(dimensions), values);
  }

  /** Length of each axis, the slowest first. */
  public List<Integer> dimensions() {
    return dimensions;
  }

  /** Entries along the first axis. */
  public int count() {
    return dimensions.get(0);
  }

  /** A copy of all values, row-major. */
  public byte[] values() {
    return values.clone();
  }

  /** One value in row-major order, from 0 to 255. */
  public int value(int index) {
    return values[index] & 0xff;
  }
}
