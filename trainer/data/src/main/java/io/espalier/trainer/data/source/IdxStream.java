package io.espalier.trainer.data.source;

import io.espalier.configs.file.FileCause;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

final class IdxStream implements Closeable {
  private static final int MAX_ENTRY = 1 << 28;

  private final DataFile file;
  private final DataInputStream in;
  private final IdxHeader header;
  private final int count;
  private final int size;
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int read;

  public IdxStream(DataFile file, InputStream content) throws IOException {
    this.file = file;
    this.in = new DataInputStream(content);
    this.header =
        IdxHeader.read(
            in,
            rank -> rank > 0,
            magic -> file.problem("must be an IDX file of numbers: magic=0x%08x".formatted(magic)));
    this.count = header.dimensions().get(0);
    long entryBytes = header.bytes(1, MAX_ENTRY);
    if (count < 0 || entryBytes > MAX_ENTRY) {
      throw file.problem(
          "must have entries of at most %d bytes: entries=%d, axes=%s"
              .formatted(MAX_ENTRY, count, entry()));
    }
    this.size = (int) entryBytes;
  }

  public IdxHeader.Type type() {
    return header.type();
  }

  public int count() {
    return count;
  }

  public List<Integer> entry() {
    return header.dimensions().subList(1, header.dimensions().size());
  }

  /** Reads the next entry's numbers to {@code target} from {@code at}; false at the end. */
  public boolean next(float[] target, int at) {
    if (!hasNext()) {
      return false;
    }
    for (int i = 0; i < size / type().bytes(); i++) {
      float value = type().real(bytes, i);
      if (!Float.isFinite(value)) {
        throw file.problem(
            "every value must be a finite number: row=%d, index=%d, value=%s"
                .formatted(read, i, value));
      }
      target[at + i] = value;
    }
    return true;
  }

  public boolean nextBytes(byte[] target, int at) {
    if (!hasNext()) {
      return false;
    }
    bytes.get(0, target, at, size);
    return true;
  }

  /** Reads the only number of the next entry; refuses types with fractions. */
  public int nextWhole() {
    if (!type().isWhole() || size != type().bytes()) {
      throw file.problem(
          "must hold one whole number per entry: type=%s, axes=%s".formatted(type(), entry()));
    }
    if (!hasNext()) {
      throw file.problem("must have another entry: entries=" + count);
    }
    return type().whole(bytes, 0);
  }

  private boolean hasNext() {
    try {
      if (read == count) {
        requireEnd();
        return false;
      }
      if (bytes.capacity() < size) {
        // Not before: a header may announce entries that the network does not take.
        bytes = ByteBuffer.allocate(size);
      }
      in.readFully(bytes.array());
      read++;
      return true;
    } catch (EOFException e) {
      throw file.problem(
          "must not end early: entries=%d, whole=%d; the file is truncated".formatted(count, read));
    } catch (IOException e) {
      throw file.problem("must be readable: " + FileCause.of(e));
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
