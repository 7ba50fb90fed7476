package io.espalier.trainer.sync;

import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.List;

/**
 * Measures what a refit did at a mask update.
 *
 * @param layers that lost weights
 * @param changed those of them of which it changed kept weights, a bias or a norm
 */
public record RefitOutcome(int layers, int changed) {
  /** The layers that lose weights. */
  static List<ParameterChange> losing(MaskUpdate update) {
    return update.changes().stream().filter(change -> change.pruned() > 0).toList();
  }
}
