package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.state.DivergedException;
import java.util.List;
import java.util.stream.Stream;

final class BackwardPasses {
  private final ReplicaNetwork network;
  private final NDManager manager;
  private final double labelSmoothing;

  BackwardPasses(ReplicaNetwork network, NDManager manager, double labelSmoothing) {
    this.network = network;
    this.manager = manager;
    this.labelSmoothing = labelSmoothing;
  }

  /** Returns the mean loss of a batch and leaves its gradients; gradients are off afterwards. */
  NDArray backward(NDArray logits, NDArray labels) {
    NDArray loss = CrossEntropy.mean(logits, labels, labelSmoothing);
    JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(new Shape()), false, false);
    JniUtils.setGradMode(false);
    return loss;
  }

  float finite(NDArray loss, long step) {
    float value = loss.getFloat();
    if (!Float.isFinite(value)) {
      MaskedParameter largest = network.largest();
      throw new DivergedException(
          step, "The loss", largest.entry().id().name(), largest.largestMagnitude());
    }
    return value;
  }

  List<ParameterArrays> forUpdate() {
    List<ParameterArrays> own =
        trained().stream().flatMap(each -> each.forUpdate().stream()).toList();
    Stream<ParameterArrays> beside = trained().stream().flatMap(MaskedParameter::besideForUpdate);
    return Stream.concat(own.stream(), beside).toList();
  }

  void clearGradients() {
    trained().forEach(MaskedParameter::clearGradient);
  }

  private List<MaskedParameter> trained() {
    return network.parameters().stream().filter(MaskedParameter::isTrained).toList();
  }
}
