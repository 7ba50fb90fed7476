package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.objective.BlockValues;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.state.DivergedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Runs an objective on the engine: cross-entropy in operations of the engine, any other by the
 * gradient of the logits that it gives.
 */
final class BackwardPasses {
  private final EngineNetwork network;
  private final NDManager manager;
  private final Objective objective;
  private final Optional<CrossEntropy> crossEntropy;
  private final Optional<Objective.OfBlocks> ofBlocks;
  private final List<ResidualUnit> blocks;

  /** A pass and the mean loss of its batch, whose gradients wait. */
  record Trained(NDArray logits, float loss) {}

  BackwardPasses(EngineNetwork network, NDManager manager, Objective objective) {
    this.network = network;
    this.manager = manager;
    this.objective = objective;
    this.crossEntropy = objective.crossEntropy();
    this.ofBlocks = objective.blocks();
    this.blocks = ofBlocks.isPresent() ? network.trainedBlocks() : List.of();
  }

  /**
   * Takes the forward and backward pass over a batch, which the engine holds as {@code input};
   * gradients are off afterwards.
   *
   * @param forward gives the logits
   */
  Trained train(NDArray input, Batch batch, UnaryOperator<NDArray> forward) {
    if (ofBlocks.isPresent()) {
      return train(ofBlocks.get(), input, forward);
    }
    JniUtils.setGradMode(true);
    NDArray logits = forward.apply(input);
    return new Trained(logits, backward(input, logits, batch));
  }

  private Trained train(
      Objective.OfBlocks learning, NDArray input, UnaryOperator<NDArray> forward) {
    try (BlockTaps taps = new BlockTaps(network, blocks)) {
      JniUtils.setGradMode(true);
      NDArray logits = forward.apply(input);
      JniUtils.setGradMode(false);
      List<BlockValues> values = taps.values();
      List<float[]> slopes = values.stream().map(each -> new float[each.given().length]).toList();
      double loss = learning.gradient(values, input::toFloatArray, slopes);
      taps.backward(slopes);
      return new Trained(logits, (float) loss);
    }
  }

  /**
   * Returns the mean loss of a batch, which the engine holds as {@code input}, and leaves its
   * gradients; gradients are off afterwards.
   */
  float backward(NDArray input, NDArray logits, Batch batch) {
    if (crossEntropy.isPresent()) {
      double smoothing = crossEntropy.get().smoothing();
      NDArray loss = EngineCrossEntropy.mean(logits, labels(batch), smoothing);
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(new Shape()), false, false);
      JniUtils.setGradMode(false);
      return loss.getFloat();
    }
    JniUtils.setGradMode(false);
    float[] values = logits.toFloatArray();
    float[] gradient = new float[values.length];
    double loss =
        objective.gradient(
            values, batch.labels(), values.length / batch.rows(), input::toFloatArray, gradient);
    NDArray slope = manager.create(gradient, logits.getShape());
    JniUtils.backward((PtNDArray) logits, (PtNDArray) slope, false, false);
    return (float) loss;
  }

  private NDArray labels(Batch batch) {
    return manager.create(Arrays.stream(batch.labels()).asLongStream().toArray());
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
