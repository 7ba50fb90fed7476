package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.engine.HeapFloats;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.objective.BlockValues;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.update.UpdateRule;
import java.util.ArrayList;
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
  private final int passSize;
  private final Objective objective;
  private final Optional<CrossEntropy> crossEntropy;
  private final Optional<Objective.OfBlocks> ofBlocks;
  private final List<ResidualUnit> blocks;

  /**
   * @param passSize most examples of a pass
   */
  BackwardPasses(EngineNetwork network, NDManager manager, int passSize, Objective objective) {
    this.network = network;
    this.manager = manager;
    this.passSize = passSize;
    this.objective = objective;
    this.crossEntropy = objective.crossEntropy();
    this.ofBlocks = objective.blocks();
    this.blocks = ofBlocks.isPresent() ? network.trainedBlocks() : List.of();
  }

  /**
   * Takes the forward and backward passes over a batch, part by part; gradients add up, and are off
   * afterwards.
   *
   * @param forward gives the logits
   */
  TrainedBatch train(Batch batch, UnaryOperator<NDArray> forward) {
    network.parameters().forEach(MaskedParameter::beginPasses);
    List<float[]> logits = new ArrayList<>();
    double loss = 0;
    for (int from = 0; from < batch.size(); from += passSize) {
      Batch part = batch.part(from, passSize);
      float share = (float) part.size() / batch.size();
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        loss += share * pass(part, share, logits, forward);
      }
    }
    return new TrainedBatch((float) loss, joined(logits));
  }

  private static float[] joined(List<float[]> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private float pass(Batch batch, float share, List<float[]> seen, UnaryOperator<NDArray> forward) {
    NDArray input = input(batch);
    if (ofBlocks.isPresent()) {
      return pass(ofBlocks.get(), input, share, seen, forward);
    }
    JniUtils.setGradMode(true);
    NDArray logits = forward.apply(input);
    float loss = backward(input, logits, batch, share);
    seen.add(logits.toFloatArray());
    return loss;
  }

  private float pass(
      Objective.OfBlocks learning,
      NDArray input,
      float share,
      List<float[]> seen,
      UnaryOperator<NDArray> forward) {
    try (BlockTaps taps = new BlockTaps(network, blocks)) {
      JniUtils.setGradMode(true);
      NDArray logits = forward.apply(input);
      JniUtils.setGradMode(false);
      List<BlockValues> values = taps.values();
      List<float[]> slopes = values.stream().map(each -> new float[each.given().length]).toList();
      double loss = learning.gradient(values, input::toFloatArray, slopes);
      slopes.forEach(slope -> UpdateRule.scale(slope, share, slope.length));
      taps.backward(slopes);
      seen.add(logits.toFloatArray());
      return (float) loss;
    }
  }

  /** The inputs of a batch in the engine's memory. */
  NDArray input(Batch batch) {
    ImageShape shape = batch.shape();
    return HeapFloats.copy(
        batch.inputs(),
        new Shape(batch.size(), shape.channels(), shape.height(), shape.width()),
        manager);
  }

  /**
   * Returns the mean loss of a batch, which the engine holds as {@code input}, and adds the
   * gradients of {@code share} times it; gradients are off afterwards.
   */
  float backward(NDArray input, NDArray logits, Batch batch, float share) {
    if (crossEntropy.isPresent()) {
      double smoothing = crossEntropy.get().smoothing();
      NDArray loss = EngineCrossEntropy.mean(logits, labels(batch), smoothing);
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(share), false, false);
      JniUtils.setGradMode(false);
      return loss.getFloat();
    }
    JniUtils.setGradMode(false);
    float[] values = logits.toFloatArray();
    float[] gradient = new float[values.length];
    double loss =
        objective.gradient(
            values, batch.labels(), values.length / batch.rows(), input::toFloatArray, gradient);
    UpdateRule.scale(gradient, share, gradient.length);
    NDArray slope = manager.create(gradient, logits.getShape());
    JniUtils.backward((PtNDArray) logits, (PtNDArray) slope, false, false);
    return (float) loss;
  }

  private NDArray labels(Batch batch) {
    return manager.create(Arrays.stream(batch.labels()).asLongStream().toArray());
  }

  void requireFinite(double loss, long step) {
    if (!Double.isFinite(loss)) {
      MaskedParameter largest = network.largest();
      throw new DivergedException(
          step, "The loss", largest.entry().id().name(), largest.largestMagnitude());
    }
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
