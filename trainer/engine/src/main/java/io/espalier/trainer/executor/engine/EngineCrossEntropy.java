package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.ConstantOperand;

/** {@link io.espalier.trainer.objective.CrossEntropy} in operations of the engine. */
final class EngineCrossEntropy {
  private EngineCrossEntropy() {}

  /** Mean over logits {@code [batch, classes]} with {@code labels} {@code [batch]}. */
  static NDArray mean(NDArray logits, NDArray labels, double smoothing) {
    NDArray logs = logits.logSoftmax(1);
    NDArray hit = logs.gather(labels.expandDims(1), 1).mean();
    if (smoothing == 0) {
      return hit.neg();
    }
    NDArray share = ConstantOperand.beside(logits, 1 - smoothing);
    NDArray spread = ConstantOperand.beside(logits, smoothing);
    return hit.mul(share).add(logs.mean().mul(spread)).neg();
  }
}
