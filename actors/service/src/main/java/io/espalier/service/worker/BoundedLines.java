package io.espalier.service.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Lines of a stream whose writer may never end one: a longer line comes in pieces. */
final class BoundedLines {
  private static final int BUFFER_BYTES = 8192;

  private BoundedLines() {}

  /** Hands over every line, without its end, until the stream ends or breaks. */
  static void read(InputStream in, int mostBytes, Consumer<String> each) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int i = 0; i < count; i++) {
          if (buffer[i] != '\n') {
            line.write(buffer[i]);
          }
          if (buffer[i] == '\n' || line.size() == mostBytes) {
            take(line, each);
          }
        }
      }
    } catch (IOException e) {
      // The writer has died, or the reader has closed the stream.
    }
    take(line, each);
  }

  private static void take(ByteArrayOutputStream line, Consumer<String> each) {
    if (line.size() > 0) {
      each.accept(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }
}
