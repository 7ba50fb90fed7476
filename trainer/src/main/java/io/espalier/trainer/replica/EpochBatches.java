package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.espalier.trainer.data.Augmentation;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;

/** The training batches of some examples, reshuffled and augmented in each epoch. */
public final class EpochBatches implements TrainingBatches {
  private final PreparedRun run;
  private final int owner;
  private final int[] shard;
  private final int size;
  private final Batches batches;
  private int[] order = {};
  private int[] fixed = {};
  private Augmentation augmentation;
  private long orderedEpoch = -1;

  public EpochBatches(PreparedRun run, int[] shard, int owner) {
    this.run = run;
    this.owner = owner;
    this.shard = shard.clone();
    this.size = Math.min(run.config().data().batchSize(), shard.length);
    this.batches = new Batches(run.dataset().input(), size);
    this.augmentation = Augmentation.none(run.dataset().input());
  }

  @Override
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

  @Override
  public NDArray load(long step, NDManager manager) {
    long epoch = run.plan().stepsPerEpoch();
    return load(step / epoch, Math.toIntExact(step % epoch), manager);
  }

  @Override
  public int fixedCount() {
    return perEpoch();
  }

  @Override
  public NDArray loadFixed(int index, NDManager manager) {
    if (fixed.length == 0) {
      fixed = Splits.batchOrder(run.config().seed(), owner, shard, -1);
    }
    return batches.load(run.dataset().train(), fixed, index * size, size, manager);
  }

  @Override
  public int label(int row) {
    return batches.label(row);
  }

  @Override
  public NDArray labels(NDManager manager) {
    return batches.labels(size, manager);
  }

  private void startEpoch(long epoch) {
    if (epoch != orderedEpoch) {
      order = Splits.batchOrder(run.config().seed(), owner, shard, epoch);
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
