package io.espalier.masks.kind;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.annealing.Temperature;
import java.util.List;
import java.util.Optional;

/**
 * How a run's masks act on the weights that they prune. Evaluations, checkpoints for users and
 * exports see kept weights only. Immutable: its memory is its {@link AuxiliaryParameter}s.
 */
public interface MaskKind {
  /** The values that the kind has beside each prunable weight. */
  @PluginCall(value = "name its state", prepares = true)
  default List<AuxiliaryParameter> state() {
    return List.of();
  }

  /**
   * Returns the state of pruned units under masks that may still change, or under the final ones.
   */
  @PluginCall("say what becomes of pruned units")
  PrunedUnits pruned(boolean mayChange);

  /** The course of units that are {@link PrunedUnits#FADING}; {@code steps} is the recipe's. */
  @PluginCall("say how pruned units fade")
  default Temperature temperature(long steps) {
    return new Temperature(Temperature.Shape.LINEAR, 0, 0);
  }

  /** Extra L2 factor on weights that the forward pass does not see. */
  @PluginCall(value = "say how hidden weights decay", prepares = true)
  default double hiddenDecay() {
    return 0;
  }

  /** Factor on the gradient of weights that the forward pass does not see, from 0 to 1. */
  @PluginCall(value = "say how hidden weights learn", prepares = true)
  default double hiddenGradient() {
    return 1;
  }

  /**
   * Whether weights that the forward pass does not see have momentum. Without it their first moment
   * is 0, and they step by the present gradient alone.
   */
  @PluginCall(value = "say whether hidden weights have momentum", prepares = true)
  default boolean hiddenMomentum() {
    return true;
  }

  /** The selection that keeps weights in place of the recipe's score, if the kind has one. */
  @PluginCall(value = "name its choice", prepares = true)
  default Optional<LearnedSelection> choice() {
    return Optional.empty();
  }

  /**
   * Whether a weight is what passes see of it: evaluations too then compute with the {@link
   * WeightView.Factor#STEP} factors that the view writes for {@link WeightView.Purpose#EVALUATION},
   * and the last mask update multiplies the weights by them. Such factors follow from the mask,
   * weight and auxiliary values, and the step of the last update.
   */
  @PluginCall(value = "say whether weights settle", prepares = true)
  default boolean settles() {
    return false;
  }

  /** Whether prunable weights keep their initial values, so that only the masks are trained. */
  @PluginCall(value = "say whether weights stay as they are", prepares = true)
  default boolean freezesWeights() {
    return false;
  }

  /** Returns the view that training passes have of one weight until its mask changes next. */
  @PluginCall("view a weight")
  WeightView view(MaskedWeight weight);
}
