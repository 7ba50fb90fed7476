package io.espalier.masks.update;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import java.util.List;

/**
 * A mask set and how it differs, parameter by parameter, from the one before.
 *
 * @param restarted for each parameter the units that were kept before and are again, but start anew
 *     at 0, because they made room and returned at once; empty if no units were exchanged
 */
public record MaskUpdate(MaskSet next, List<ParameterChange> changes, List<Mask> restarted) {
  public MaskUpdate {
    changes = List.copyOf(changes);
    restarted = List.copyOf(restarted);
  }
}
