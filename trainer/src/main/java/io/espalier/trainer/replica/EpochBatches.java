package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.espalier.trainer.data.Augmentation;
import io.espalier.trainer.data.BatchOrder;
import io.espalier.trainer.prepare.PreparedRun;

/** The training batches of some examples: reshuffled and augmented in each epoch; an incomplete last batch is dropped. Confined to one thread. */
public final class EpochBatches {
  private final PreparedRun run;
  private final int owner;
  private final int[] shard;
  private final int size;
  private final Batches batches;
  private int[] order = {};
  private int[] fixed = {};
  private Augmentation augmentation;
  private long orderedEpoch = -1;

  /**
   * @param shard numbers of the examples
   * @param owner distinguishes shuffles that share the run's seed
   */
  public EpochBatches(PreparedRun run, int[] shard, int owner) {
    this.run = run;
    this.owner = owner;
    this.shard = shard.clone();
    this.size = Math.min(run.config().data().batchSize(), shard.length);
    this.batches = new Batches(run.dataset().input(), size);
    this.augmentation = Augmentation.none(run.dataset().input());
  }

  public int size() {
    return size;
  }

  public int perEpoch() {
    return shard.length / size;
  }

  public NDArray load(long epoch, int index, NDManager manager) {
    startEpoch(epoch);
    return batches.load(run.dataset().train(), augmentation, order, index * size, size, manager);
  }

  /** A fixed batch, independent of training and not augmented. */
  public NDArray loadFixed(int index, NDManager manager) {
    if (fixed.length == 0) {
      fixed = BatchOrder.order(run.config().seed(), owner, shard, -1);
    }
    return batches.load(run.dataset().train(), fixed, index * size, size, manager);
  }

  public int label(int row) {
    return batches.label(row);
  }

  public NDArray labels(NDManager manager) {
    return batches.labels(size, manager);
  }

  private void startEpoch(long epoch) {
    if (epoch != orderedEpoch) {
      order = BatchOrder.order(run.config().seed(), owner, shard, epoch);
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
