package io.espalier.masks.kind;

import io.espalier.configs.plugin.PluginCall;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;

/**
 * The view that training passes have of one weight. The forward pass computes with {@code ŵ =
 * forward ⊙ w}; the optimizer gets {@code gradient ⊙ ∂L/∂ŵ}, before norm, clipping and moments.
 * Confined to one thread; buffers are live, accessed by index only, and valid during the call.
 */
public interface WeightView {
  /** The factor that a pass multiplies with, unit by unit. */
  enum Factor {
    /** 1 everywhere. */
    ONE,
    /** The mask: 1 where kept, 0 where pruned. */
    MASK,
    /** The factors that {@link WeightView#factors} wrote for this step. */
    STEP
  }

  /** What a pass is for. */
  enum Purpose {
    /** A training step, whose factors may be drawn at random. */
    TRAINING,
    /** What a network is worth, or becomes at the end: never at random. */
    EVALUATION
  }

  @PluginCall("say what a pass sees")
  Factor forward();

  @PluginCall("say which gradient counts")
  Factor gradient();

  /** Writes the {@link Factor#STEP} factors of a step before it; called only if they are used. */
  @PluginCall("write the factors of a step")
  default void factors(StepFactors of) {}

  /**
   * Sees the gradients of a step before the optimizer: sets those of auxiliary parameters, and may
   * change counted ones and the gradient of the weight.
   */
  @PluginCall("see the gradients of a step")
  default void backward(StepGradients of) {}

  /** Whether it has no factors of its own and looks at no gradients. */
  @PluginCall("say whether it is plain")
  default boolean isPlain() {
    return false;
  }

  static WeightView of(Factor forward, Factor gradient) {
    return new PlainView(forward, gradient);
  }

  /**
   * One step's factors.
   *
   * @param step completed steps; in an evaluation at the last mask update
   * @param auxiliary values in the order of {@link MaskKind#state}
   * @param factors to be written, one per unit
   * @param bits the same memory as {@code factors}
   */
  record StepFactors(
      Purpose purpose,
      long step,
      FloatBuffer weight,
      List<FloatBuffer> auxiliary,
      FloatBuffer factors,
      IntBuffer bits) {}

  /**
   * One step's gradients.
   *
   * @param step completed steps
   * @param gradient {@code ∂L/∂ŵ} of all units, pruned ones included
   * @param auxiliary values in the order of {@link MaskKind#state}
   * @param auxiliaryGradients likewise; 0 at first, and without effect where they are not trained
   */
  record StepGradients(
      long step,
      FloatBuffer weight,
      FloatBuffer gradient,
      List<FloatBuffer> auxiliary,
      List<FloatBuffer> auxiliaryGradients) {}
}
