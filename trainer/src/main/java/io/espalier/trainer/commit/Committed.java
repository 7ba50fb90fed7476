package io.espalier.trainer.commit;

import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.TrainingState;

/**
 * What all replicas hold after a sync, bit for bit. Its arrays are not written any more.
 *
 * @param recalibrated whether the norms were recalibrated for the finished network
 * @param digest of state and masks
 */
public record Committed(
    long step, TrainingState state, MaskState masks, boolean recalibrated, String digest) {}
