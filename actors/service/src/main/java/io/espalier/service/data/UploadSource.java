package io.espalier.service.data;

import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes that a client sends: a failure to read them is a refusal, no failure to write. */
final class UploadSource extends FilterInputStream {
  private static final long MOST_DRAINED = 64 << 20;
  private static final int PIECE_BYTES = 1 << 16;

  UploadSource(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /** Reads what is left, unless it is too much: a client that still sends gets its answer. */
  void drain() {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      long left = MOST_DRAINED;
      for (int count = read(piece); count >= 0 && left > 0; count = read(piece)) {
        left -= count;
      }
    } catch (IOException | RefusedRequestException e) {
      // It sends no more.
      return;
    }
  }

  private static RefusedRequestException refused(IOException e) {
    boolean slow = String.valueOf(e.getMessage()).contains("Timeout");
    return slow
        ? new RefusedRequestException(
            Reason.TOO_SLOW,
            "an upload must go on: nothing arrived for too long, and nothing of it is kept; send it again")
        : new RefusedRequestException(
            Reason.INVALID_DATA,
            "an upload must arrive whole: it was cut, and nothing of it is kept; send it again");
  }
}
