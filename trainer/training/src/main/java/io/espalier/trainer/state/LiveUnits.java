package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.util.List;
import java.util.Optional;

/** The units of each entry of a state whose values may differ from 0. */
public final class LiveUnits {
  private static final LiveUnits ALL = new LiveUnits(Optional.empty(), true);

  private final Optional<List<Mask>> masks;
  private final boolean mayChange;

  private LiveUnits(Optional<List<Mask>> masks, boolean mayChange) {
    this.masks = masks;
    this.mayChange = mayChange;
  }

  public static LiveUnits all() {
    return ALL;
  }

  /** Units of each prunable parameter, in order; all of the others live. */
  public static LiveUnits of(List<Mask> masks) {
    return new LiveUnits(Optional.of(List.copyOf(masks)), true);
  }

  /** Returns these units without auxiliary parameters that live until the last mask update. */
  public LiveUnits afterLastUpdate() {
    return new LiveUnits(masks, false);
  }

  /** Empty if all units of the parameter are alive. */
  public Optional<Mask> mask(StateLayout.Entry entry) {
    if (!mayChange && entry.untilLastUpdate()) {
      return Optional.of(Mask.noneKept(entry.size()));
    }
    return masks
        .flatMap(living -> entry.mask().map(living::get))
        .filter(mask -> mask.kept() < mask.size());
  }

  public int count(StateLayout.Entry entry) {
    return mask(entry).map(Mask::kept).orElse(entry.size());
  }
}
