package io.espalier.trainer.replica;

import ai.djl.ndarray.NDManager;
import io.espalier.masks.Mask;
import io.espalier.masks.annealing.MaskDraw;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Applies the masks of one replica step by step. Confined to the replica's thread. */
final class ReplicaMasks {
  private final PreparedRun run;
  private final int trainer;
  private final List<MaskedParameter> parameters;
  private final Map<Integer, FloatMask> targets = new HashMap<>();
  private final Map<Integer, FloatMask> drawn = new HashMap<>();
  private final Map<Integer, MaskDraw> draws = new HashMap<>();
  private final NDManager manager;
  private MaskState state;

  ReplicaMasks(
      PreparedRun run,
      int trainer,
      List<MaskedParameter> parameters,
      NDManager manager,
      MaskState dense) {
    this.run = run;
    this.trainer = trainer;
    this.parameters = parameters;
    this.manager = manager;
    this.state = dense;
  }

  MaskState state() {
    return state;
  }

  void use(MaskState next) {
    state = next;
    draws.clear();
    for (MaskedParameter parameter : parameters) {
      parameter
          .entry()
          .mask()
          .ifPresent(index -> useTarget(parameter, index, next.masks().masks().get(index)));
    }
  }

  /** Before the step after {@code step} completed ones: zeroes dead units, draws annealing ones. */
  void beforeStep(long step, StateAccess values) {
    MaskState aged = state.withoutDead(step);
    if (aged != state) {
      new StateCodec(run.stateLayout()).clearDead(values, aged.livingAt(step));
      use(aged);
    }
    draws.forEach(
        (index, draw) ->
            draw.draw(
                step,
                run.config().seed(),
                trainer,
                Objects.requireNonNull(drawn.get(index)).bits()));
  }

  LiveUnits livingAt(long step) {
    return state.livingAt(step);
  }

  Optional<FloatMask> evaluationMask(MaskedParameter parameter) {
    boolean hides = state.hidesLivingUnits() || !state.annealing().groups().isEmpty();
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

  private void useTarget(MaskedParameter parameter, int index, Mask mask) {
    if (mask.pruned() == 0) {
      parameter.useMasks(Optional.empty(), Optional.empty());
      return;
    }
    FloatMask target = targets.computeIfAbsent(index, key -> floatMask(parameter));
    target.set(mask);
    if (state.hidesLivingUnits()) {
      parameter.useMasks(Optional.of(target), Optional.empty());
    } else if (anneals(index)) {
      FloatMask each = drawn.computeIfAbsent(index, key -> floatMask(parameter));
      draws.put(index, new MaskDraw(state.annealing(), index, mask));
      parameter.useMasks(Optional.of(each), Optional.of(each));
    } else {
      parameter.useMasks(Optional.empty(), Optional.of(target));
    }
  }

  private boolean anneals(int index) {
    return state.annealing().groups().stream()
        .anyMatch(cohort -> cohort.units().get(index).kept() > 0);
  }

  private FloatMask floatMask(MaskedParameter parameter) {
    return new FloatMask(manager, parameter.shape());
  }
}
