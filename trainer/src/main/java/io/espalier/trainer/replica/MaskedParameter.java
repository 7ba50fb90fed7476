package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.engine.FloatMask;
import io.espalier.trainer.engine.ParameterArrays;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One parameter of a replica: stored weight, moments, and what its mask makes of them.
 *
 * <p>The arrays belong to the replica's manager and live as long as it does; what a step makes
 * belongs to that step's scope. Confined to the replica's thread.
 */
final class MaskedParameter {
  private final StateLayout.Entry entry;
  private final NDArray weight;
  private final List<NDArray> moments = new ArrayList<>();
  private final FloatBuffer weightView;
  private final List<FloatBuffer> momentViews;
  private final boolean decays;
  private final boolean trained;
  private Optional<FloatMask> hidden = Optional.empty();
  private Optional<FloatMask> gradientMask = Optional.empty();
  private Optional<NDArray> forward = Optional.empty();

  MaskedParameter(ParameterSpec spec, StateLayout.Entry entry, NDArray weight, NDManager manager) {
    this.entry = entry;
    this.weight = weight;
    this.decays = spec.shape().rank() >= 2;
    this.trained = spec.role().isTrained();
    for (int i = 1; i < entry.slots(); i++) {
      moments.add(manager.zeros(weight.getShape()));
    }
    this.weightView = view(weight);
    this.momentViews = moments.stream().map(MaskedParameter::view).toList();
  }

  StateLayout.Entry entry() {
    return entry;
  }

  NDArray weight() {
    return weight;
  }

  Shape shape() {
    return weight.getShape();
  }

  boolean isTrained() {
    return trained;
  }

  /** A live view of the weight (slot 0) or of a moment. */
  FloatBuffer array(int slot) {
    NDArray array = slot == 0 ? weight : moments.get(slot - 1);
    return view(array);
  }

  private static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).asFloatBuffer();
  }

  /**
   * Decides what the next steps see.
   *
   * @param hidden mask between the stored weight and the forward pass; empty if the weight itself
   *     is seen
   * @param gradientMask mask on the gradient; empty if all of it counts
   */
  void useMasks(Optional<FloatMask> hidden, Optional<FloatMask> gradientMask) {
    this.hidden = hidden;
    this.gradientMask = gradientMask;
  }

  /** The values that a training pass sees: a leaf whose gradient {@link #forUpdate} reads. */
  NDArray forTraining() {
    NDArray seen = weight;
    if (hidden.isPresent()) {
      seen = weight.stopGradient().mul(hidden.get().array());
      seen.setRequiresGradient(true);
    }
    forward = Optional.of(seen);
    return seen;
  }

  /** The values that an evaluation sees: those of the target mask, never of a drawn one. */
  NDArray forEvaluation(Optional<FloatMask> target) {
    return target.map(mask -> weight.mul(mask.array())).orElse(weight);
  }

  /** What an optimizer step needs after a training pass, once; as live as that step's scope. */
  ParameterArrays forUpdate() {
    FloatBuffer gradient = gradient();
    forward = Optional.empty();
    return new ParameterArrays(
        weightView,
        momentViews,
        gradient,
        gradientMask.map(FloatMask::view),
        hidden.map(FloatMask::view),
        decays);
  }

  /**
   * The values that a measuring pass sees: those under the target mask, as a leaf whose gradient is
   * that of all units.
   */
  NDArray forMeasuring(Optional<FloatMask> target) {
    NDArray seen = weight;
    if (target.isPresent()) {
      seen = weight.stopGradient().mul(target.get().array());
      seen.setRequiresGradient(true);
    }
    forward = Optional.of(seen);
    return seen;
  }

  /** A live view of the gradient that the last pass left. */
  FloatBuffer gradient() {
    return view(seen().getGradient());
  }

  /** Forgets the gradient that the last pass left. */
  void clearGradient() {
    JniUtils.zeroGrad((PtNDArray) seen());
    forward = Optional.empty();
  }

  private NDArray seen() {
    return forward.orElseThrow(() -> new IllegalStateException("no pass left a gradient"));
  }

  float largestMagnitude() {
    return weight.abs().max().getFloat();
  }
}
