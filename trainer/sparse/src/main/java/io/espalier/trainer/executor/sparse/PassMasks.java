package io.espalier.trainer.executor.sparse;

import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.state.MaskState;

/**
 * What passes of a network see of its weights, and the update by their gradients. Nothing needs to
 * be done around passes that see what is stored.
 */
interface PassMasks {
  MaskState state();

  void use(MaskState masks);

  /** Values have been written, so that other units may live. */
  void valuesChanged();

  /** Before the first pass of a step. */
  void beforeStep(Executor.At at);

  /** Before each pass of a step, between which rules may change weights. */
  default void beforePass() {}

  /** After each pass of a step, before rules see its gradients. */
  default void afterPass(Executor.At at) {}

  /** Takes the optimizer's step. */
  void update(Executor.At at);

  /** After rules have seen the update. */
  default void afterUpdate(Executor.At at) {}

  /** Before passes that see target masks. */
  default void beforeEvaluation() {}

  /** Before passes that see the weights as they are. */
  default void beforeStatistics() {}
}
