package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDManager;
import io.espalier.masks.Mask;
import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.WeightView;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies masks step by step. Confined to the executor's thread. */
final class EngineMasks {
  private final PreparedRun run;
  private final int trainer;
  private final List<MaskedParameter> parameters;
  private final Map<Integer, FloatMask> targets = new HashMap<>();
  private final Map<Integer, FloatMask> factors = new HashMap<>();
  private final Map<MaskedParameter, FloatMask> written = new LinkedHashMap<>();
  private final NDManager manager;
  private MaskState state;

  EngineMasks(
      PreparedRun run,
      int trainer,
      List<MaskedParameter> parameters,
      NDManager manager,
      MaskState initial) {
    this.run = run;
    this.trainer = trainer;
    this.parameters = parameters;
    this.manager = manager;
    this.state = initial;
    use(initial);
  }

  MaskState state() {
    return state;
  }

  void use(MaskState next) {
    state = next;
    written.clear();
    for (MaskedParameter parameter : parameters) {
      parameter
          .entry()
          .mask()
          .ifPresent(index -> useView(parameter, index, next.masks().masks().get(index)));
    }
  }

  /** Before the step after {@code step} completed ones: zeroes dead units, writes its factors. */
  void beforeStep(long step, StateAccess values) {
    MaskState aged = state.withoutDead(step);
    if (aged != state) {
      new StateCodec(run.stateLayout()).clearDead(values, aged.livingAt(step));
      use(aged);
    }
    written.forEach((parameter, mask) -> parameter.writeFactors(step, mask));
  }

  /**
   * The factors that evaluations multiply a weight with: its mask, or the factors of its kind's
   * view.
   */
  Optional<FloatMask> evaluationMask(MaskedParameter parameter) {
    if (state.kind().settles() && written.containsKey(parameter)) {
      FloatMask factors = written.get(parameter);
      parameter.writeFactors(state.updatedAt(), factors);
      return Optional.of(factors);
    }
    boolean hides = state.hidesLivingUnits() || !state.annealing().isOver();
    return hides
        ? parameter.entry().mask().map(targets::get).filter(mask -> isPruned(parameter))
        : Optional.empty();
  }

  private boolean isPruned(MaskedParameter parameter) {
    return parameter
        .entry()
        .mask()
        .filter(index -> state.masks().masks().get(index).pruned() > 0)
        .isPresent();
  }

  private void useView(MaskedParameter parameter, int index, Mask mask) {
    if (mask.pruned() > 0) {
      targets.computeIfAbsent(index, key -> floatMask(parameter)).set(mask);
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
                    state.annealing(),
                    run.config().seed(),
                    trainer));
    Optional<FloatMask> forward = factors(view.forward(), parameter, index);
    parameter.use(view, forward, factors(view.gradient(), parameter, index));
  }

  private Optional<FloatMask> factors(
      WeightView.Factor factor, MaskedParameter parameter, int index) {
    return switch (factor) {
      case ONE -> Optional.empty();
      case MASK -> Optional.ofNullable(targets.get(index)).filter(mask -> isPruned(parameter));
      case STEP -> {
        FloatMask own = factors.computeIfAbsent(index, key -> floatMask(parameter));
        written.put(parameter, own);
        yield Optional.of(own);
      }
    };
  }

  private FloatMask floatMask(MaskedParameter parameter) {
    return new FloatMask(manager, parameter.shape());
  }
}
