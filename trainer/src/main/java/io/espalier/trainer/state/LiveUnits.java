package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.util.List;
import java.util.Optional;

/** The units of each prunable parameter whose stored weights may differ from 0. */
public final class LiveUnits {
  private static final LiveUnits ALL = new LiveUnits(Optional.empty());

  private final Optional<List<Mask>> masks;

  private LiveUnits(Optional<List<Mask>> masks) {
    this.masks = masks;
  }

  public static LiveUnits all() {
    return ALL;
  }

  public static LiveUnits of(List<Mask> masks) {
    return new LiveUnits(Optional.of(List.copyOf(masks)));
  }

  /** Empty if all units of the parameter are alive. */
  public Optional<Mask> mask(StateLayout.Entry entry) {
    return masks
        .flatMap(living -> entry.mask().map(living::get))
        .filter(mask -> mask.kept() < mask.size());
  }

  public int count(StateLayout.Entry entry) {
    return mask(entry).map(Mask::kept).orElse(entry.size());
  }
}
