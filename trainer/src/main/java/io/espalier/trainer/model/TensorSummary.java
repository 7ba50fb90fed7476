package io.espalier.trainer.model;

import io.espalier.trainer.file.SafetensorsFile;
import io.espalier.trainer.file.StoredTensor;
import java.util.List;

/**
 * What can be said of a tensor in any safetensors file.
 *
 * @param size number of values
 * @param zeros values that are 0, of either sign
 * @param bytes of its values
 */
public record TensorSummary(
    String name,
    StoredTensor.Type type,
    List<Integer> dimensions,
    long size,
    long zeros,
    long bytes) {
  public TensorSummary {
    dimensions = List.copyOf(dimensions);
  }

  /** One summary per tensor, in file order. */
  public static List<TensorSummary> of(SafetensorsFile file) {
    return file.tensors().entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Share of the values that are not 0; 1 for a tensor without values. */
  public double density() {
    return size == 0 ? 1 : (double) (size - zeros) / size;
  }

  private static TensorSummary of(String name, StoredTensor tensor) {
    return new TensorSummary(
        name,
        tensor.type(),
        tensor.dimensions(),
        tensor.size(),
        tensor.zeros(),
        tensor.view().remaining());
  }
}
