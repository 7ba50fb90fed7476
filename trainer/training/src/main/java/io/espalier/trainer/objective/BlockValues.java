package io.espalier.trainer.objective;

import io.espalier.trainer.network.ResidualUnit;

/**
 * Holds what a transformer block read and gave in a pass, {@code [batch, features, positions]},
 * row-major; not to be changed.
 */
@SuppressWarnings("ArrayRecordComponent")
public record BlockValues(ResidualUnit block, float[] read, float[] given) {
  BlockValues copy() {
    return new BlockValues(block, read.clone(), given.clone());
  }
}
