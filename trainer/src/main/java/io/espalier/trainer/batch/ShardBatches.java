package io.espalier.trainer.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.espalier.trainer.prepare.PreparedRun;

/**
 * The training batches of one trainer's shard, as a function of the step.
 *
 * <p>Confined to the replica's thread.
 */
public final class ShardBatches {
  private final long stepsPerEpoch;
  private final EpochBatches epochs;

  /** The batches of {@code trainer} in a run. */
  public ShardBatches(PreparedRun run, int trainer) {
    this.stepsPerEpoch = run.plan().stepsPerEpoch();
    this.epochs = new EpochBatches(run, run.splits().shard(trainer), trainer);
  }

  /** Examples per batch. */
  public int size() {
    return epochs.size();
  }

  /** The batch after {@code step} completed steps, {@code [size, channels, height, width]}. */
  public NDArray load(long step, NDManager manager) {
    return epochs.load(step / stepsPerEpoch, Math.toIntExact(step % stepsPerEpoch), manager);
  }

  /** How many fixed batches there are for statistics of the finished network. */
  public int fixedCount() {
    return epochs.perEpoch();
  }

  /** One of the fixed batches, the same whatever was trained on; not augmented. */
  public NDArray loadFixed(int index, NDManager manager) {
    return epochs.loadFixed(index, manager);
  }

  /** Label of one row of the batch loaded last. */
  public int label(int row) {
    return epochs.label(row);
  }

  /** The labels of the batch loaded last, {@code [size]}. */
  public NDArray labels(NDManager manager) {
    return epochs.labels(manager);
  }
}
