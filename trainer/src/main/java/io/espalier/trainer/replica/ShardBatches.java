package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.espalier.trainer.prepare.PreparedRun;

final class ShardBatches implements TrainingBatches {
  private final long stepsPerEpoch;
  private final EpochBatches epochs;

  public ShardBatches(PreparedRun run, int trainer) {
    this.stepsPerEpoch = run.plan().stepsPerEpoch();
    this.epochs = new EpochBatches(run, run.splits().shard(trainer), trainer);
  }

  @Override
  public int size() {
    return epochs.size();
  }

  @Override
  public NDArray load(long step, NDManager manager) {
    return epochs.load(step / stepsPerEpoch, Math.toIntExact(step % stepsPerEpoch), manager);
  }

  @Override
  public int fixedCount() {
    return epochs.perEpoch();
  }

  @Override
  public NDArray loadFixed(int index, NDManager manager) {
    return epochs.loadFixed(index, manager);
  }

  @Override
  public int label(int row) {
    return epochs.label(row);
  }

  @Override
  public NDArray labels(NDManager manager) {
    return epochs.labels(manager);
  }
}
