package io.espalier.trainer.offline;

import io.espalier.trainer.file.StoredTensor;
import java.util.List;

/** What pruning left of a tensor. */
public record PrunedTensor(
    String name, StoredTensor.Type type, List<Integer> dimensions, int size, int kept) {
  public PrunedTensor {
    dimensions = List.copyOf(dimensions);
  }

  public double density() {
    return (double) kept / size;
  }
}
