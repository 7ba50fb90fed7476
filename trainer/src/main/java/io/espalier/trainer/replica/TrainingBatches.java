package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The training batches of one trainer, as a function of the step. Confined to its thread. */
interface TrainingBatches {
  int size();

  /** The batch after {@code step} completed steps, {@code [size, channels, height, width]}. */
  NDArray load(long step, NDManager manager);

  int fixedCount();

  /** A fixed batch, independent of training and not augmented; requested in order. */
  NDArray loadFixed(int index, NDManager manager);

  int label(int row);

  NDArray labels(NDManager manager);
}
