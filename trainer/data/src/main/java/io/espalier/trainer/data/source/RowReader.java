package io.espalier.trainer.data.source;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Text of rows whose lengths are bounded, so that a parser holds one row of them at most. */
final class RowReader extends FilterReader {
  static final int MOST_CHARACTERS_OF_A_ROW = 1 << 22;

  /** As many bytes as a plain file may have: packed ones unfold to this at most. */
  private static final long MOST_CHARACTERS = 1L << 31;

  private long total;
  private long row;

  RowReader(Reader in) {
    super(in);
  }

  /** The characters from here on belong to another row, but for those that are read ahead. */
  void nextRow() {
    row = 0;
  }

  @Override
  public int read() throws IOException {
    int read = in.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(char[] target, int from, int most) throws IOException {
    int read = in.read(target, from, most);
    count(Math.max(0, read));
    return read;
  }

  private void count(int read) throws IOException {
    row += read;
    total += read;
    if (row > MOST_CHARACTERS_OF_A_ROW) {
      throw new IOException(
          "a row must have at most %d characters; close its quotes, or take fewer columns"
              .formatted(MOST_CHARACTERS_OF_A_ROW));
    }
    if (total > MOST_CHARACTERS) {
      throw new IOException(
          "a file must have at most %d characters unpacked; take fewer rows, or a stream (data.kind = kafka)"
              .formatted(MOST_CHARACTERS));
    }
  }
}
