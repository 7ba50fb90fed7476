package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The training batches of one trainer, as a function of the step. Confined to its thread. */
interface TrainingBatches {
  /** Examples per batch. */
  int size();

  /** The batch after {@code step} completed steps, {@code [size, channels, height, width]}. */
  NDArray load(long step, NDManager manager);

  /** How many fixed batches there are for statistics of the finished network. */
  int fixedCount();

  /**
   * One of the fixed batches, the same whatever was trained on; not augmented. They are asked for
   * in order.
   */
  NDArray loadFixed(int index, NDManager manager);

  /** Label of one row of the batch loaded last. */
  int label(int row);

  /** The labels of the batch loaded last, {@code [size]}. */
  NDArray labels(NDManager manager);
}
