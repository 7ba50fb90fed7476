package io.espalier.trainer.file;

import java.util.List;

/**
 * Where a file has the values of a tensor: row-major and little-endian, from byte {@code begin} of
 * the file to before byte {@code end}.
 */
public record TensorSpan(
    String name, StoredTensor.Type type, List<Integer> dimensions, long begin, long end) {
  public TensorSpan {
    dimensions = List.copyOf(dimensions);
  }

  public long bytes() {
    return end - begin;
  }
}
