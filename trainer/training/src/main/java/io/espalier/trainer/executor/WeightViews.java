package io.espalier.trainer.executor;

import io.espalier.masks.Mask;
import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.Purpose;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What passes see of prunable weights, step by step: all of them, their masks, or the factors of
 * their mask kind. Confined to the executor's thread.
 */
public final class WeightViews<F extends WeightFactors> {
  private final PreparedRun run;
  private final int trainer;
  private final List<? extends ViewedWeight<F>> weights;
  private final Map<Integer, F> targets = new HashMap<>();
  private final Map<Integer, F> factors = new HashMap<>();
  private final Map<ViewedWeight<F>, Written<F>> written = new LinkedHashMap<>();
  private MaskState state;

  /** Factors that a view writes before each step. */
  private record Written<F extends WeightFactors>(WeightView view, F factors) {}

  /**
   * @param trainer by which masks draw
   * @param weights in the order of the run's parameters; others may be among them
   */
  public WeightViews(
      PreparedRun run, int trainer, List<? extends ViewedWeight<F>> weights, MaskState initial) {
    this.run = run;
    this.trainer = trainer;
    this.weights = List.copyOf(weights);
    this.state = initial;
    use(initial);
  }

  public MaskState state() {
    return state;
  }

  public void use(MaskState next) {
    state = next;
    written.clear();
    for (ViewedWeight<F> weight : weights) {
      weight
          .entry()
          .mask()
          .ifPresent(index -> useView(weight, index, next.masks().masks().get(index)));
    }
  }

  /** Sets the units of {@code values} to 0 that die before the step after {@code step} others. */
  public void age(long step, StateAccess values) {
    MaskState aged = state.withoutDead(step);
    if (aged != state) {
      new StateCodec(run.stateLayout()).clearDead(values, aged.livingAt(step));
      use(aged);
    }
  }

  /** Writes the factors of the step after {@code step} completed ones. */
  public void write(long step) {
    written.forEach((weight, by) -> weight.write(by.view(), Purpose.TRAINING, step, by.factors()));
  }

  /** The factors that evaluations multiply a weight with: its mask, or those of its kind's view. */
  public Optional<F> ofEvaluation(ViewedWeight<F> weight) {
    if (state.kind().settles() && written.containsKey(weight)) {
      Written<F> by = written.get(weight);
      weight.write(by.view(), Purpose.EVALUATION, state.updatedAt(), by.factors());
      return Optional.of(by.factors());
    }
    return state.stepsOnKept()
        ? Optional.empty()
        : weight.entry().mask().filter(this::isPruned).map(targets::get);
  }

  private boolean isPruned(int index) {
    return state.masks().masks().get(index).pruned() > 0;
  }

  private void useView(ViewedWeight<F> weight, int index, Mask mask) {
    if (mask.pruned() > 0) {
      targets.computeIfAbsent(index, key -> weight.newFactors()).set(mask);
    }
    WeightView view =
        state
            .kind()
            .view(
                new MaskedWeight(
                    index,
                    mask,
                    state.updatedAt(),
                    state.mayChange(),
                    run.plan().freezeStep(),
                    state.annealing(),
                    run.config().seed(),
                    trainer));
    weight.use(
        view,
        factors(view, view.forward(), weight, index),
        factors(view, view.gradient(), weight, index));
  }

  private Optional<F> factors(
      WeightView view, WeightView.Factor factor, ViewedWeight<F> weight, int index) {
    return switch (factor) {
      case ONE -> Optional.empty();
      case MASK -> Optional.of(index).filter(this::isPruned).map(targets::get);
      case STEP -> {
        F own = factors.computeIfAbsent(index, key -> weight.newFactors());
        written.put(weight, new Written<>(view, own));
        yield Optional.of(own);
      }
    };
  }
}
