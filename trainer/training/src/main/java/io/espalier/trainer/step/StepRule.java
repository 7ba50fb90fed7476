package io.espalier.trainer.step;

import io.espalier.configs.plugin.PluginCall;

/**
 * Acts around each optimizer step of a replica: {@link #afterBackward} may change gradients, {@link
 * #afterUpdate} weights. Deterministic, and stateless between steps, or with state that follows
 * from committed values only: a trainer that resumes or restarts begins with a new instance.
 * Confined to the replica's thread.
 */
public interface StepRule {
  /**
   * After gradients are there and before the optimizer masks, clips and takes them. A rule of
   * several passes comes after each of them, any other after the last.
   */
  @PluginCall("act on gradients at {0}")
  default void afterBackward(Step step) {}

  /** After the optimizer has changed the weights; gradients are 0 by then. */
  @PluginCall("act on weights at {0}")
  default void afterUpdate(Step step) {}

  /**
   * Forward and backward passes over the batch that a step takes. The optimizer uses the gradients
   * of the last one; loss and norm statistics are those of the first. Only one rule of a run may
   * have more than 1.
   */
  @PluginCall(value = "name its passes", prepares = true)
  default int passes() {
    return 1;
  }
}
