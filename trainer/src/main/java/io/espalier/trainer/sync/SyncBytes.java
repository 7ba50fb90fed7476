package io.espalier.trainer.sync;

/**
 * Bytes of one sync over all trainers, moments included.
 *
 * @param dense cost of both directions without masks
 */
public record SyncBytes(long up, long down, long dense) {}
