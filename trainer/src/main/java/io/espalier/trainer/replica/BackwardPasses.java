package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.state.DivergedException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs an objective on the engine: cross-entropy in its own operations, any other by the gradient
 * of the logits that it gives.
 */
final class BackwardPasses {
  private final ReplicaNetwork network;
  private final NDManager manager;
  private final Objective objective;

  BackwardPasses(ReplicaNetwork network, NDManager manager, Objective objective) {
    this.network = network;
    this.manager = manager;
    this.objective = objective;
  }

  /**
   * Returns the mean loss of the batch that {@code batches} has loaded as {@code input}, and leaves
   * its gradients; gradients are off afterwards.
   */
  float backward(NDArray input, NDArray logits, TrainingBatches batches) {
    if (objective instanceof CrossEntropy plain) {
      NDArray loss = EngineCrossEntropy.mean(logits, batches.labels(manager), plain.smoothing());
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(new Shape()), false, false);
      JniUtils.setGradMode(false);
      return loss.getFloat();
    }
    JniUtils.setGradMode(false);
    int rows = batches.size();
    int[] labels = IntStream.range(0, rows).map(batches::label).toArray();
    float[] values = logits.toFloatArray();
    float[] gradient = new float[values.length];
    double loss =
        objective.gradient(values, labels, values.length / rows, input::toFloatArray, gradient);
    NDArray slope = manager.create(gradient, logits.getShape());
    JniUtils.backward((PtNDArray) logits, (PtNDArray) slope, false, false);
    return (float) loss;
  }

  float finite(float loss, long step) {
    if (!Float.isFinite(loss)) {
      MaskedParameter largest = network.largest();
      throw new DivergedException(
          step, "The loss", largest.entry().id().name(), largest.largestMagnitude());
    }
    return loss;
  }

  List<ParameterArrays> forUpdate(long step) {
    List<ParameterArrays> own =
        trained().stream().flatMap(each -> each.forUpdate(step).stream()).toList();
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
