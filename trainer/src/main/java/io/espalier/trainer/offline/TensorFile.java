package io.espalier.trainer.offline;

import io.espalier.trainer.file.TensorSpan;
import java.nio.file.Path;
import java.util.List;

/** A file and the tensors that it holds, in file order. */
record TensorFile(Path path, List<TensorSpan> tensors) {
  TensorFile {
    tensors = List.copyOf(tensors);
  }
}
