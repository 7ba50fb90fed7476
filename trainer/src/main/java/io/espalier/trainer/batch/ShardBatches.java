package io.espalier.trainer.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.espalier.trainer.data.Augmentation;
import io.espalier.trainer.data.BatchOrder;
import io.espalier.trainer.prepare.PreparedRun;

/**
 * The training batches of one trainer's shard, as a function of the step: shuffled anew in each
 * epoch, each image as that epoch's augmentation sees it.
 *
 * <p>Confined to the replica's thread.
 */
public final class ShardBatches {
  private final PreparedRun run;
  private final int trainer;
  private final int[] shard;
  private final Batches batches;
  private int[] order = {};
  private int[] fixed = {};
  private Augmentation augmentation;
  private long orderedEpoch = -1;

  /** The batches of {@code trainer} in a run. */
  public ShardBatches(PreparedRun run, int trainer) {
    this.run = run;
    this.trainer = trainer;
    this.shard = run.splits().shard(trainer);
    this.batches = new Batches(run.dataset().input(), size());
    this.augmentation = Augmentation.none(run.dataset().input());
  }

  /** Examples per batch. */
  public int size() {
    return run.config().data().batchSize();
  }

  /** The batch after {@code step} completed steps, {@code [size, channels, height, width]}. */
  public NDArray load(long step, NDManager manager) {
    long stepsPerEpoch = run.plan().stepsPerEpoch();
    startEpoch(step / stepsPerEpoch);
    int from = Math.toIntExact(step % stepsPerEpoch * size());
    return batches.load(run.dataset().train(), augmentation, order, from, size(), manager);
  }

  /** How many fixed batches there are for statistics of the finished network. */
  public int fixedCount() {
    return shard.length / size();
  }

  /** One of the fixed batches, the same whatever was trained on; not augmented. */
  public NDArray loadFixed(int index, NDManager manager) {
    if (fixed.length == 0) {
      fixed = BatchOrder.order(run.config().seed(), trainer, shard, -1);
    }
    return batches.load(run.dataset().train(), fixed, index * size(), size(), manager);
  }

  /** Label of one row of the batch loaded last. */
  public int label(int row) {
    return batches.label(row);
  }

  /** The labels of the batch loaded last, {@code [size]}. */
  public NDArray labels(NDManager manager) {
    return batches.labels(size(), manager);
  }

  private void startEpoch(long epoch) {
    if (epoch != orderedEpoch) {
      order = BatchOrder.order(run.config().seed(), trainer, shard, epoch);
      augmentation =
          Augmentation.of(
              run.config().data().augmentation(),
              run.dataset().input(),
              run.config().seed(),
              epoch);
      orderedEpoch = epoch;
    }
  }
}
