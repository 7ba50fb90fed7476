package io.espalier.trainer.replica;

import io.espalier.trainer.data.Batch;

/**
 * The training batches of one trainer, as a function of the step; each is valid until the next one.
 * Confined to its thread.
 */
interface TrainingBatches {
  /** The batch after {@code step} completed steps. */
  Batch load(long step);

  int fixedCount();

  /** A fixed batch, independent of training and not augmented; requested in order. */
  Batch loadFixed(int index);
}
