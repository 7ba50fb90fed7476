package io.espalier.service.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;

/** A body that counts the bytes that were sent of it. Thread-safe. */
final class CountedBody {
  private final DataUpload upload;
  private final AtomicLong bytes = new AtomicLong();

  CountedBody(DataUpload upload) {
    this.upload = upload;
  }

  long bytes() {
    return bytes.get();
  }

  InputStream open() {
    try {
      return new FilterInputStream(upload.open()) {
        @Override
        public int read() throws IOException {
          int one = super.read();
          bytes.addAndGet(one < 0 ? 0 : 1);
          return one;
        }

        @Override
        public int read(byte[] piece, int offset, int length) throws IOException {
          int count = super.read(piece, offset, length);
          bytes.addAndGet(Math.max(0, count));
          return count;
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
