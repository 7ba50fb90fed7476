package io.espalier.trainer.offline;

import io.espalier.masks.Mask;
import io.espalier.trainer.file.StoredTensor;
import java.util.List;

/** Describes what pruning left of a tensor. */
public record PrunedTensor(
    String name, StoredTensor.Type type, List<Integer> dimensions, int size, int kept) {
  public PrunedTensor {
    dimensions = List.copyOf(dimensions);
  }

  static PrunedTensor of(PrunableTensor tensor, Mask kept) {
    return new PrunedTensor(
        tensor.span().name(),
        tensor.span().type(),
        tensor.span().dimensions(),
        kept.size(),
        kept.kept());
  }

  public double density() {
    return (double) kept / size;
  }
}
