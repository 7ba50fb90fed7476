package io.espalier.trainer.analysis;

import io.espalier.trainer.file.KeptTensor;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The weights of a safetensors file, dense or sparse: its tensors of floats with 2 or more axes.
 */
public record FileWeights(Path file) {

  @FunctionalInterface
  interface Visitor {
    /** Sees the values of a tensor, row-major. */
    void see(String name, List<Integer> dimensions, float[] values);
  }

  /**
   * Shows the weights in file order; of a dense file memory has one tensor at a time.
   *
   * @throws MalformedFileException if it is no safetensors file
   */
  void forEach(Visitor visitor) throws IOException {
    Metadata metadata = Metadata.of(Safetensors.readMetadata(file));
    if (metadata.hasFormat(SparseFile.FORMAT)) {
      for (Map.Entry<String, KeptTensor> each : SparseFile.read(file).tensors().entrySet()) {
        show(each.getKey(), each.getValue().dense(), visitor);
      }
    } else {
      Safetensors.read(file, (name, tensor) -> show(name, tensor, visitor));
    }
  }

  private static void show(String name, StoredTensor tensor, Visitor visitor) {
    if (tensor.dimensions().size() >= 2 && tensor.type().isConvertible()) {
      visitor.see(name, tensor.dimensions(), tensor.toFloatArray());
    }
  }
}
