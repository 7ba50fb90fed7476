package io.espalier.federation.transfer;

import com.google.protobuf.UnsafeByteOperations;
import io.espalier.federation.protocol.Chunk;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file from an offset to its end, in chunks of {@link #BYTES}; only the last is shorter. Not
 * thread-safe.
 */
public final class FileChunks implements Closeable {
  public static final int BYTES = 64 * 1024;

  private final FileChannel file;
  private final long length;
  private long offset;

  private FileChunks(FileChannel file, long length) {
    this.file = file;
    this.length = length;
  }

  /** Opens a file, whose bytes must not change any more. */
  public static FileChunks of(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    return new FileChunks(file, file.size());
  }

  /** The bytes that the next chunk must have. */
  public static int expected(long remaining) {
    return (int) Math.min(BYTES, remaining);
  }

  public long length() {
    return length;
  }

  /** Moves to an offset, from 0 to the length. */
  public void seek(long to) {
    if (to < 0 || to > length) {
      throw new IllegalArgumentException(
          "an offset must lie in the file: offset=%d, bytes=%d".formatted(to, length));
    }
    offset = to;
  }

  public boolean hasNext() {
    return offset < length;
  }

  public Chunk next() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(expected(length - offset));
    while (bytes.hasRemaining()) {
      int read = file.read(bytes, offset);
      if (read < 0) {
        throw new EOFException(
            "a file must not shrink while it is sent: bytes=%d, now=%d".formatted(length, offset));
      }
      offset += read;
    }
    return Chunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(bytes.flip())).build();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
