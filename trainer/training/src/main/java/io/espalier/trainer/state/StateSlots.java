package io.espalier.trainer.state;

import io.espalier.configs.StepConfig;
import io.espalier.trainer.update.UpdateRule;

/**
 * Arrays beside the values of each trained parameter, which start at 0: the optimizer's moments,
 * then the average of the values if a run keeps one.
 */
public record StateSlots(int moments, boolean average) {
  /** Values alone. */
  public static final StateSlots NONE = new StateSlots(0, false);

  public static StateSlots of(StepConfig step) {
    return new StateSlots(UpdateRule.of(step.optimizer()).moments(), step.average().isPresent());
  }

  public int count() {
    return moments + (average ? 1 : 0);
  }
}
