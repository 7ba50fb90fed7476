package io.espalier.masks.refit;

import io.espalier.masks.ParameterId;
import java.util.Optional;

/** The averaged values of a network at a mask update, before units that it prunes are set to 0. */
public interface EditableState {
  /**
   * Returns the values of a parameter, row-major; what is written there is committed. Those of a
   * frozen parameter are a copy.
   */
  float[] values(ParameterId id);

  /** The bias of a weight's layer; empty if it has none. */
  Optional<ParameterId> bias(ParameterId weight);

  /** Whether the recipe keeps the parameter as it is. */
  boolean isFrozen(ParameterId id);
}
