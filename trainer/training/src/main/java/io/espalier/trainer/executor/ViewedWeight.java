package io.espalier.trainer.executor;

import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.Purpose;
import io.espalier.masks.kind.WeightView.StepFactors;
import io.espalier.masks.kind.WeightView.StepGradients;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A weight of an executor, which passes see through the view of the run's mask kind. Confined to
 * the executor's thread.
 */
public interface ViewedWeight<F extends WeightFactors> {
  StateLayout.Entry entry();

  /** Live values of all units. */
  FloatBuffer weight();

  /** What the mask kind has beside it, in the kind's order. */
  List<AuxiliaryArrays> auxiliary();

  /** New factors of its units. */
  F newFactors();

  /** Sets what the next steps see: factors of the weight and of its gradient, if any. */
  void use(WeightView view, Optional<F> forward, Optional<F> gradient);

  /** Has a view write its factors of the pass after {@code step} completed steps. */
  default void write(WeightView view, Purpose purpose, long step, F factors) {
    view.factors(
        new StepFactors(
            purpose,
            step,
            weight(),
            auxiliary().stream().map(AuxiliaryArrays::values).toList(),
            factors.view(),
            factors.bits()));
  }

  /** Shows a view the gradient of the pass that follows {@code step} completed steps. */
  default void show(WeightView view, long step, FloatBuffer gradient) {
    view.backward(
        new StepGradients(
            step,
            weight(),
            gradient,
            auxiliary().stream().map(AuxiliaryArrays::values).toList(),
            auxiliary().stream().map(AuxiliaryArrays::gradient).toList()));
  }
}
