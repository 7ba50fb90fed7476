package io.espalier.trainer.sync;

import io.espalier.trainer.sync.SyncOutcome.SyncBytes;

/** Bytes of all syncs so far, and what they would cost without masks. */
public record Traffic(long sent, long dense) {
  Traffic plus(SyncBytes bytes) {
    return new Traffic(sent + bytes.up() + bytes.down(), dense + bytes.dense());
  }
}
