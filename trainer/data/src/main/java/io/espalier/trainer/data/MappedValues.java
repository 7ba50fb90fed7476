package io.espalier.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of unsigned bytes in a mapped file, which the system's page cache holds, not the heap. The
 * file must not be changed in place; a renamed or deleted one stays readable.
 */
final class MappedValues implements RawValues {
  private static final int SEGMENT_BYTES = 1 << 30;

  private final List<ByteBuffer> segments;
  private final int rowsPerSegment;
  private final int rowLength;
  private final int[] chosen;

  private MappedValues(List<ByteBuffer> segments, int rowsPerSegment, int rowLength, int[] chosen) {
    this.segments = segments;
    this.rowsPerSegment = rowsPerSegment;
    this.rowLength = rowLength;
    this.chosen = chosen;
  }

  /** Maps {@code rows} rows from byte {@code offset} of a file, which may be closed then. */
  static MappedValues of(FileChannel file, long offset, int rows, int rowLength)
      throws IOException {
    int rowsPerSegment = SEGMENT_BYTES / rowLength;
    List<ByteBuffer> segments = new ArrayList<>();
    for (int first = 0; first < rows; first += rowsPerSegment) {
      long bytes = (long) Math.min(rowsPerSegment, rows - first) * rowLength;
      long from = offset + (long) first * rowLength;
      if (from + bytes > file.size()) {
        throw new IOException(
            "a file must hold all rows: bytes=%d, expected=%d"
                .formatted(file.size(), from + bytes));
      }
      segments.add(file.map(MapMode.READ_ONLY, from, bytes));
    }
    return new MappedValues(
        List.copyOf(segments), rowsPerSegment, rowLength, IntStream.range(0, rows).toArray());
  }

  private ByteBuffer segment(int row) {
    return segments.get(chosen[row] / rowsPerSegment);
  }

  private int position(int row) {
    return chosen[row] % rowsPerSegment * rowLength;
  }

  @Override
  public float at(int row, int index) {
    return segment(row).get(position(row) + index) & 0xff;
  }

  @Override
  public void copy(int row, int from, int length, float[] target, int to) {
    ByteBuffer segment = segment(row);
    int first = position(row) + from;
    for (int i = 0; i < length; i++) {
      target[to + i] = segment.get(first + i) & 0xff;
    }
  }

  @Override
  public void copyReversed(int row, int from, int length, float[] target, int to) {
    ByteBuffer segment = segment(row);
    int last = position(row) + from + length - 1;
    for (int i = 0; i < length; i++) {
      target[to + i] = segment.get(last - i) & 0xff;
    }
  }

  /** Other rows of the same file. */
  @Override
  public RawValues select(int[] rows) {
    int[] selected = IntStream.of(rows).map(row -> chosen[row]).toArray();
    return new MappedValues(segments, rowsPerSegment, rowLength, selected);
  }

  @Override
  public RawValues rearrange(int[] sources) {
    byte[] rearranged = new byte[Math.multiplyExact(chosen.length, rowLength)];
    for (int row = 0; row < chosen.length; row++) {
      for (int i = 0; i < rowLength; i++) {
        rearranged[row * rowLength + i] = segment(row).get(position(row) + sources[i]);
      }
    }
    return new Bytes(rearranged, rowLength);
  }

  @Override
  public int rows() {
    return chosen.length;
  }

  @Override
  public int rowLength() {
    return rowLength;
  }
}
