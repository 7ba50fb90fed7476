package io.espalier.trainer.offline;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.file.TensorSpan;
import java.nio.file.Path;
import java.util.Set;

/** A tensor that is pruned, and the file that holds it. */
record PrunableTensor(Path file, TensorSpan span) {
  /** Types whose values are scored, and are 0 where all bits are. */
  static final Set<StoredTensor.Type> TYPES =
      Set.of(StoredTensor.Type.F32, StoredTensor.Type.F16, StoredTensor.Type.BF16);

  ParameterShape shape() {
    return new ParameterShape(new ParameterId(span.name()), span.dimensions());
  }

  /** Whether a tensor can be pruned at all. */
  static boolean canBe(TensorSpan span) {
    return TYPES.contains(span.type())
        && span.dimensions().size() >= 2
        && span.bytes() > 0
        && !span.name().isBlank();
  }
}
