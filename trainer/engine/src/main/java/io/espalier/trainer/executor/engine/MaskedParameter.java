package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.Factor;
import io.espalier.trainer.executor.AuxiliaryArrays;
import io.espalier.trainer.executor.ViewedWeight;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One parameter. The executor's manager owns the arrays, a step's scope its results. Confined to
 * the executor's thread.
 */
final class MaskedParameter implements ViewedWeight<FloatMask> {
  private final StateLayout.Entry entry;
  private final NDArray weight;
  private final List<NDArray> moments = new ArrayList<>();
  private final FloatBuffer weightView;
  private final List<FloatBuffer> momentViews;
  private final boolean decays;
  private final boolean trained;
  private final ParameterSpec.Role role;
  private final boolean frozen;
  private final NDManager manager;
  private final List<AuxiliaryArrays> auxiliary = new ArrayList<>();
  private WeightView view = WeightView.of(Factor.ONE, Factor.ONE);
  private Optional<FloatMask> hidden = Optional.empty();
  private Optional<FloatMask> gradientMask = Optional.empty();
  private Optional<NDArray> forward = Optional.empty();

  MaskedParameter(
      ParameterSpec spec,
      StateLayout.Entry entry,
      boolean frozen,
      NDArray weight,
      NDManager manager) {
    this.frozen = frozen;
    this.manager = manager;
    this.entry = entry;
    this.weight = weight;
    this.decays = spec.shape().rank() >= 2;
    this.role = spec.role();
    this.trained = spec.role().isTrained();
    for (int i = 1; i < entry.slots(); i++) {
      moments.add(manager.zeros(weight.getShape()));
    }
    this.weightView = view(weight);
    this.momentViews = moments.stream().map(MaskedParameter::view).toList();
  }

  @Override
  public StateLayout.Entry entry() {
    return entry;
  }

  @Override
  public FloatBuffer weight() {
    return weightView;
  }

  @Override
  public List<AuxiliaryArrays> auxiliary() {
    return auxiliary;
  }

  @Override
  public FloatMask newFactors() {
    return new FloatMask(manager, weight.getShape());
  }

  NDArray array() {
    return weight;
  }

  Shape shape() {
    return weight.getShape();
  }

  /** Whether a training pass leaves a gradient that counts. */
  boolean isTrained() {
    return trained && (!frozen || !auxiliary.isEmpty());
  }

  /** Whether the optimizer steps it. */
  boolean isUpdated() {
    return trained && !frozen;
  }

  FloatBuffer array(int slot) {
    NDArray array = slot == 0 ? weight : moments.get(slot - 1);
    return view(array);
  }

  private static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).asFloatBuffer();
  }

  /** Adds values that the mask kind has beside this weight, in the kind's order. */
  void add(AuxiliaryArrays beside) {
    auxiliary.add(beside);
  }

  @Override
  public void use(
      WeightView next, Optional<FloatMask> forwardFactors, Optional<FloatMask> gradients) {
    view = next;
    hidden = forwardFactors;
    gradientMask = gradients;
  }

  /**
   * Makes the values that training passes see until {@link #forUpdate}: a leaf that adds up their
   * gradients.
   */
  void beginPasses() {
    NDArray seen = weight;
    if (hidden.isPresent() || frozen) {
      seen = weight.stopGradient();
      seen = hidden.isPresent() ? seen.mul(hidden.get().array()) : seen;
      seen.setRequiresGradient(isTrained());
    }
    forward = Optional.of(seen);
  }

  /** The values of a training pass, after {@link #beginPasses}. */
  NDArray forTraining() {
    return seen();
  }

  NDArray forEvaluation(Optional<FloatMask> target) {
    return target.map(mask -> weight.mul(mask.array())).orElse(weight);
  }

  /**
   * Views for an optimizer step after the training pass that follows {@code step} completed steps;
   * valid within that step's scope.
   */
  Optional<ParameterArrays> forUpdate(long step) {
    FloatBuffer gradient = gradient();
    forward = Optional.empty();
    show(view, step, gradient);
    return frozen
        ? Optional.empty()
        : Optional.of(
            new ParameterArrays(
                weightView,
                momentViews,
                gradient,
                gradientMask.map(FloatMask::view),
                hidden.map(FloatMask::view),
                decays));
  }

  /** Views of what the optimizer trains beside the weight; after {@link #forUpdate}. */
  Stream<ParameterArrays> besideForUpdate() {
    return auxiliary.stream().flatMap(each -> each.forUpdate().stream());
  }

  /** The values of a measuring pass: a leaf whose gradient covers all units. */
  NDArray forMeasuring(Optional<FloatMask> target, Optional<NDArray> shift) {
    NDArray seen = weight;
    if (target.isPresent() || shift.isPresent() || frozen) {
      seen = weight.stopGradient();
      seen = shift.isPresent() ? seen.add(shift.get()) : seen;
      seen = target.isPresent() ? seen.mul(target.get().array()) : seen;
      seen.setRequiresGradient(true);
    }
    forward = Optional.of(seen);
    return seen;
  }

  /** The values of a pass of flow: absolute ones, no running means, variances as they are. */
  NDArray forFlow(Optional<FloatMask> target) {
    NDArray seen =
        switch (role) {
          case RUNNING_MEAN -> weight.zerosLike();
          case RUNNING_VARIANCE -> weight;
          default -> weight.stopGradient().abs();
        };
    if (role.isTrained()) {
      seen = target.isPresent() ? seen.mul(target.get().array()) : seen;
      seen.setRequiresGradient(true);
    }
    forward = Optional.of(seen);
    return seen;
  }

  FloatBuffer gradient() {
    return view(seen().getGradient());
  }

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
