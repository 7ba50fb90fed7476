package io.espalier.trainer.onnx.convert;

import io.espalier.trainer.onnx.graph.GraphException;

/** What becomes of one kind of operation. */
@FunctionalInterface
interface Rule {
  /** Translates an operation; throws {@link GraphException} with what of it is not supported. */
  Value apply(Call call);
}
