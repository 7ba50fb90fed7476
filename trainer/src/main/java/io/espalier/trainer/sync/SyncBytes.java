package io.espalier.trainer.sync;

/**
 * Bytes of one sync, over all trainers, moments included.
 *
 * @param up from the trainers
 * @param down to the trainers
 * @param dense what both directions would cost without masks
 */
public record SyncBytes(long up, long down, long dense) {}
