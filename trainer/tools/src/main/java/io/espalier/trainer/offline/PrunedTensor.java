package io.espalier.trainer.offline;

import io.espalier.masks.Mask;
import io.espalier.trainer.file.StoredTensor;
import java.util.List;
import java.util.Optional;

/**
 * Describes what pruning left of a tensor.
 *
 * @param outputError squared error of what the tensor's layer gives in the pruned network, relative
 *     to the squares of what it gave before, over all examples of the calibration; empty where the
 *     network did not run, or the layer gave 0
 */
public record PrunedTensor(
    String name,
    StoredTensor.Type type,
    List<Integer> dimensions,
    int size,
    int kept,
    Optional<Double> outputError) {
  public PrunedTensor {
    dimensions = List.copyOf(dimensions);
  }

  static PrunedTensor of(PrunableTensor tensor, Mask kept, Optional<Double> outputError) {
    return new PrunedTensor(
        tensor.span().name(),
        tensor.span().type(),
        tensor.span().dimensions(),
        kept.size(),
        kept.kept(),
        outputError);
  }

  public double density() {
    return (double) kept / size;
  }
}
