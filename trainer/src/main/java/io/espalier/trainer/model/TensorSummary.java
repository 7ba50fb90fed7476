package io.espalier.trainer.model;

import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import java.util.List;

/** Size and sparsity of a tensor in any safetensors file; zeros are of either sign. */
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

  public static List<TensorSummary> of(Safetensors file) {
    return file.tensors().entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .toList();
  }

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
