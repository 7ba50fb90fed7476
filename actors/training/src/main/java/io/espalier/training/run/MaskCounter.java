package io.espalier.training.run;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts kept units of each prunable parameter and their changes, in units of the whole network: a
 * cut unit counts as not kept. Not thread-safe.
 */
final class MaskCounter {
  private MaskSet masks;

  MaskCounter(MaskSet masks) {
    this.masks = masks;
  }

  long kept() {
    return masks.kept();
  }

  double sparsity() {
    return masks.sparsity();
  }

  /**
   * Counts after an update; {@code changes} have the layout before a cut, {@code next} that after.
   */
  List<ParameterMasks> changed(List<ParameterChange> changes, MaskSet next) {
    masks = next;
    return changes.stream().map(change -> share(change, next)).toList();
  }

  private static ParameterMasks share(ParameterChange change, MaskSet next) {
    int kept = kept(change.id(), next);
    return new ParameterMasks(
        change.id().name(),
        next.layout().originalSize(change.id()),
        change.target(),
        kept,
        change.pruned() + change.kept() - kept,
        change.regrown());
  }

  private static int kept(ParameterId id, MaskSet next) {
    return next.isPrunable(id) ? next.mask(id).kept() : 0;
  }

  /** Counts after a cut without an update, which only removes units. */
  List<ParameterMasks> changed(MaskSet next) {
    MaskSet before = masks;
    masks = next;
    Layout layout = next.layout();
    List<ParameterMasks> shares = new ArrayList<>();
    for (ParameterId id : before.parameters()) {
      int kept = kept(id, next);
      int gone = before.mask(id).kept() - kept;
      shares.add(new ParameterMasks(id.name(), layout.originalSize(id), kept, kept, gone, 0));
    }
    return shares;
  }
}
