package io.espalier.trainer.offline;

import io.espalier.trainer.file.TensorSpan;
import java.nio.file.Path;
import java.util.List;

/**
 * A file and the tensors that it holds, in file order.
 *
 * @param isModel whether Espalier wrote it, with the sparsity in its metadata
 */
record TensorFile(Path path, List<TensorSpan> tensors, boolean isModel) {
  TensorFile {
    tensors = List.copyOf(tensors);
  }
}
