package io.espalier.trainer.replica;

import io.espalier.trainer.data.Augmentation;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;

/** The training batches of some examples, reshuffled and augmented in each epoch. */
public final class EpochBatches implements TrainingBatches {
  private final PreparedRun run;
  private final int owner;
  private final int[] shard;
  private final int size;
  private final int passSize;
  private final Batch batch;
  private int[] order = {};
  private int[] fixed = {};
  private Augmentation augmentation;
  private long orderedEpoch = -1;

  public EpochBatches(PreparedRun run, int[] shard, int owner) {
    this.run = run;
    this.owner = owner;
    this.shard = shard.clone();
    this.size = Math.min(run.config().stepExamples(), shard.length);
    this.passSize = Math.min(run.config().data().batchSize(), shard.length);
    this.batch = new Batch(run.dataset().input(), size);
    this.augmentation = Augmentation.none(run.dataset().input());
  }

  public int perEpoch() {
    return shard.length / size;
  }

  public Batch load(long epoch, int index) {
    startEpoch(epoch);
    return batch.fill(run.dataset().train(), augmentation, order, index * size, size);
  }

  @Override
  public Batch load(long step) {
    long epoch = run.plan().stepsPerEpoch();
    return load(step / epoch, Math.toIntExact(step % epoch));
  }

  @Override
  public int fixedCount() {
    return shard.length / passSize;
  }

  @Override
  public Batch loadFixed(int index) {
    if (fixed.length == 0) {
      fixed = Splits.batchOrder(run.config().seed(), owner, shard, -1);
    }
    return batch.fill(run.dataset().train(), fixed, index * passSize, passSize);
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
