package io.espalier.trainer.model;

import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Reads a file, of which memory holds one tensor at a time. */
  public static List<TensorSummary> of(Path file) throws IOException {
    List<TensorSummary> summaries = new ArrayList<>();
    Safetensors.read(file, (name, tensor) -> summaries.add(of(name, tensor)));
    return summaries;
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
