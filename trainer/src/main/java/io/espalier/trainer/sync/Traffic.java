package io.espalier.trainer.sync;

/**
 * Bytes of all syncs so far, both directions, all trainers, moments included.
 *
 * @param dense cost of the same syncs without masks
 */
public record Traffic(long sent, long dense) {
  Traffic plus(SyncBytes bytes) {
    return new Traffic(sent + bytes.up() + bytes.down(), dense + bytes.dense());
  }
}
