package io.espalier.trainer.sync;

import io.espalier.trainer.sync.SyncOutcome.SyncBytes;

/**
 * Counts what all steps and syncs so far have cost.
 *
 * @param sent bytes of all syncs
 * @param dense what they would be without masks
 * @param executedMacs multiply-adds of the forward passes of all steps, of all trainers
 */
public record Traffic(long sent, long dense, long executedMacs) {
  /** Describes a run that counts no multiply-adds. */
  public Traffic(long sent, long dense) {
    this(sent, dense, 0);
  }

  Traffic plus(SyncBytes bytes) {
    return new Traffic(sent + bytes.up() + bytes.down(), dense + bytes.dense(), executedMacs);
  }

  Traffic plusMacs(long macs) {
    return new Traffic(sent, dense, executedMacs + macs);
  }
}
