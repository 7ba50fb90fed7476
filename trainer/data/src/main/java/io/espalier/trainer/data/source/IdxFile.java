package io.espalier.trainer.data.source;

import io.espalier.configs.file.FileCause;
import io.espalier.trainer.file.HeapRoom;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** An array of numbers in an IDX file, plain or gzipped. Immutable and thread-safe. */
final class IdxFile {
  private static final long MAX_BYTES = 1 << 30;

  /** The most that deflate can expand, with room for the stream's own header. */
  private static final long MAX_EXPANSION = 1_040;

  private final DataFile file;
  private final IdxHeader header;
  private final byte[] content;

  private IdxFile(DataFile file, IdxHeader header, byte[] content) {
    this.file = file;
    this.header = header;
    this.content = content;
  }

  /**
   * Reads a whole file of an allowed rank; sizes are checked before memory is allocated, and {@code
   * room} pays for the content and a decoded copy.
   */
  public static IdxFile read(
      DataFile file, List<Integer> ranks, HeapRoom room, MessageDigest... digests) {
    boolean packed = file.path().toString().endsWith(".gz");
    try (InputStream raw = Files.newInputStream(file.path());
        InputStream content = packed ? new GZIPInputStream(raw, 1 << 16) : raw;
        DataInputStream in = new DataInputStream(digesting(content, digests))) {
      long available = Files.size(file.path()) * (packed ? MAX_EXPANSION : 1);
      return read(file, in, ranks, room, available);
    } catch (EOFException e) {
      throw file.problem("must not end early: the file is truncated; fetch it again");
    } catch (ZipException e) {
      throw file.problem("must be an undamaged gzip file: " + e.getMessage() + "; fetch it again");
    } catch (IOException e) {
      throw file.problem("must be readable: " + FileCause.of(e));
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
      DataFile file, DataInputStream in, List<Integer> ranks, HeapRoom room, long available)
      throws IOException {
    IdxHeader header =
        IdxHeader.read(in, ranks::contains, magic -> file.problem(magicRule(magic, ranks)));
    long bytes = header.bytes(0, MAX_BYTES);
    if (bytes > MAX_BYTES || bytes > available) {
      throw file.problem(
          "must hold as many values as its header says, at most %d bytes: dimensions=%s"
              .formatted(MAX_BYTES, header.dimensions()));
    }
    if (!room.take(bytes + decodedBytes(header, bytes))) {
      throw file.problem(
          "must fit into half of the Java heap with its decoded copy, beside the data set's other files: bytes=%d, half of the heap=%d MB; %s, or take fewer examples"
              .formatted(bytes, room.megabytes(), HeapRoom.MORE));
    }
    byte[] content = new byte[(int) bytes];
    in.readFully(content);
    if (in.read() >= 0) {
      throw file.problem(
          "must end after the values that its header announces: dimensions=" + header.dimensions());
    }
    return new IdxFile(file, header, content);
  }

  /** Bytes of images stay bytes; all else, and labels, become 32-bit numbers. */
  private static long decodedBytes(IdxHeader header, long bytes) {
    boolean stays = header.type() == IdxHeader.Type.UNSIGNED_BYTE && header.dimensions().size() > 1;
    return stays ? bytes : bytes / header.type().bytes() * Integer.BYTES;
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

  public IdxHeader.Type type() {
    return header.type();
  }

  public List<Integer> dimensions() {
    return header.dimensions();
  }

  public int count() {
    return header.dimensions().get(0);
  }

  public ByteBuffer content() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /** All values as floats, row-major; refuses values that are not finite. */
  public FloatBuffer reals() {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    float[] values = new float[content.length / type().bytes()];
    for (int index = 0; index < values.length; index++) {
      values[index] = type().real(bytes, index);
      if (!Float.isFinite(values[index])) {
        throw file.problem(
            "every value must be a finite number: index=%d, value=%s"
                .formatted(index, values[index]));
      }
    }
    return FloatBuffer.wrap(values);
  }

  /** All values as integers, row-major; refuses types with fractions. */
  public int[] wholes() {
    if (!type().isWhole()) {
      throw file.problem("must hold whole numbers: type=" + type());
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    int[] values = new int[content.length / type().bytes()];
    for (int index = 0; index < values.length; index++) {
      values[index] = type().whole(bytes, index);
    }
    return values;
  }
}
