package io.espalier.trainer.data.source;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An array of numbers in the IDX format of MNIST (LeCun, Cortes and Burges, 1998), plain or
 * gzipped.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |       0       |       0       | type, 8 = byte|     rank      |
 *  +---------------+---------------+---------------+---------------+
 *  |          length of each axis, big-endian, rank times          |
 *  +---------------------------------------------------------------+
 *  |                 values, big-endian, row-major                ...
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class IdxFile {
  private static final long MAX_BYTES = 1 << 30;

  /** The most that deflate can expand, with room for the stream's own header. */
  private static final long MAX_EXPANSION = 1_040;

  private final DataFile file;
  private final IdxType type;
  private final List<Integer> dimensions;
  private final byte[] content;

  private IdxFile(DataFile file, IdxType type, List<Integer> dimensions, byte[] content) {
    this.file = file;
    this.type = type;
    this.dimensions = dimensions;
    this.content = content;
  }

  /**
   * Reads a whole file, whose unpacked bytes also go into {@code digests}. What the header promises
   * is checked against the file's length before memory is taken for it.
   *
   * @param ranks numbers of axes that are allowed
   * @throws io.espalier.configs.InvalidConfigException if the file is not an IDX file of such a
   *     rank, or is damaged
   */
  public static IdxFile read(DataFile file, List<Integer> ranks, MessageDigest... digests) {
    boolean packed = file.path().toString().endsWith(".gz");
    try (InputStream raw = Files.newInputStream(file.path());
        InputStream content = packed ? new GZIPInputStream(raw, 1 << 16) : raw;
        DataInputStream in = new DataInputStream(digesting(content, digests))) {
      long available = Files.size(file.path()) * (packed ? MAX_EXPANSION : 1);
      return read(file, in, ranks, available);
    } catch (EOFException e) {
      throw file.problem("must not end early: the file is truncated; fetch it again");
    } catch (ZipException e) {
      throw file.problem("must be an undamaged gzip file: " + e.getMessage() + "; fetch it again");
    } catch (IOException e) {
      throw file.problem("must be readable: " + e);
    }
  }

  private static InputStream digesting(InputStream content, MessageDigest... digests) {
    InputStream in = content;
    for (MessageDigest digest : digests) {
      in = new DigestInputStream(in, digest);
    }
    return in;
  }

  private static IdxFile read(
      DataFile file, DataInputStream in, List<Integer> ranks, long available) throws IOException {
    int magic = in.readInt();
    int rank = magic & 0xff;
    IdxType type =
        IdxType.of(magic >>> 8)
            .filter(known -> ranks.contains(rank))
            .orElseThrow(() -> file.problem(magicRule(magic, ranks)));
    List<Integer> dimensions = new ArrayList<>();
    long bytes = type.bytes();
    for (int axis = 0; axis < rank; axis++) {
      int length = in.readInt();
      dimensions.add(length);
      bytes = length < 1 || bytes > MAX_BYTES ? Long.MAX_VALUE : bytes * length;
    }
    if (bytes > MAX_BYTES || bytes > available) {
      throw file.problem(
          "must hold as many values as its header says, at most %d bytes: dimensions=%s"
              .formatted(MAX_BYTES, dimensions));
    }
    byte[] content = new byte[(int) bytes];
    in.readFully(content);
    if (in.read() >= 0) {
      throw file.problem(
          "must end after the values that its header announces: dimensions=" + dimensions);
    }
    return new IdxFile(file, type, List.copyOf(dimensions), content);
  }

  private static String magicRule(int magic, List<Integer> ranks) {
    return "must be an IDX file of %s dimensions: magic=0x%08x, expected=%s"
            .formatted(
                String.join(" or ", ranks.stream().map(String::valueOf).toList()),
                magic,
                String.join(" or ", ranks.stream().map("0x000008%02x"::formatted).toList()))
        + " for bytes";
  }

  public DataFile file() {
    return file;
  }

  public IdxType type() {
    return type;
  }

  public List<Integer> dimensions() {
    return dimensions;
  }

  public int count() {
    return dimensions.get(0);
  }

  public ByteBuffer content() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /**
   * All values as floats, row-major.
   *
   * @throws io.espalier.configs.InvalidConfigException if one of them is not finite
   */
  public FloatBuffer reals() {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    float[] values = new float[content.length / type.bytes()];
    for (int index = 0; index < values.length; index++) {
      values[index] = type.real(bytes, index);
      if (!Float.isFinite(values[index])) {
        throw file.problem(
            "every value must be a finite number: index=%d, value=%s"
                .formatted(index, values[index]));
      }
    }
    return FloatBuffer.wrap(values);
  }

  /**
   * All values as whole numbers, row-major.
   *
   * @throws io.espalier.configs.InvalidConfigException if the file's type has fractions
   */
  public int[] wholes() {
    if (!type.isWhole()) {
      throw file.problem("must hold whole numbers: type=" + type);
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    int[] values = new int[content.length / type.bytes()];
    for (int index = 0; index < values.length; index++) {
      values[index] = type.whole(bytes, index);
    }
    return values;
  }
}
