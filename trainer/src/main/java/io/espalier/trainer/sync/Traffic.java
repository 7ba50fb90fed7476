package io.espalier.trainer.sync;

import io.espalier.trainer.commit.SyncBytes;

/**
 * Bytes of all syncs so far, both directions, all trainers, moments included.
 *
 * @param dense what the same syncs would cost without masks
 */
public record Traffic(long sent, long dense) {
  Traffic plus(SyncBytes bytes) {
    return new Traffic(sent + bytes.up() + bytes.down(), dense + bytes.dense());
  }
}
