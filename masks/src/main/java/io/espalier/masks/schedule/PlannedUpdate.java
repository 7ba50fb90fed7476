package io.espalier.masks.schedule;

import io.espalier.masks.Counts;
import io.espalier.masks.MaskSet;

/**
 * A planned mask update.
 *
 * @param step the sync at which it happens
 * @param sparsity target over all prunable units; where channels are pruned, the share of the
 *     budget that goes
 * @param kept units that are kept after it, exactly; where channels are pruned, what that share
 *     would be of single weights
 * @param exchange share of each parameter's kept units that makes room for others; 0 for none
 */
public record PlannedUpdate(long step, double sparsity, long kept, double exchange) {
  public PlannedUpdate {
    if (step < 0
        || !(sparsity >= 0 && sparsity <= 1)
        || kept < 0
        || !(exchange >= 0 && exchange <= 1)) {
      throw new IllegalArgumentException(
          ("an update needs step and kept of 0 or more and shares from 0 to 1: step=%d,"
                  + " sparsity=%s, kept=%d, exchange=%s")
              .formatted(step, sparsity, kept, exchange));
    }
  }

  public static PlannedUpdate of(long step, double sparsity, long prunable) {
    return new PlannedUpdate(step, sparsity, Counts.kept(sparsity, prunable), 0);
  }

  /** Whether the update must rank units: one that only exchanges keeps its masks. */
  public boolean ranks(MaskSet current) {
    return exchange == 0 || kept != current.kept();
  }
}
