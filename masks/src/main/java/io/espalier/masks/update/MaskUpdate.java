package io.espalier.masks.update;

import io.espalier.masks.MaskSet;
import java.util.List;

/** A mask set and how it differs, parameter by parameter, from the one before. */
public record MaskUpdate(MaskSet next, List<ParameterChange> changes) {
  public MaskUpdate {
    changes = List.copyOf(changes);
  }
}
