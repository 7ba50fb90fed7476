package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.WeightedLayer;

/** An op of layers whose weight multiplies another array than their input. */
public interface UnfoldedInput<L extends Layer> {
  /**
   * Returns the array that the weight multiplies, as an input of {@link WeightedLayer#unfold},
   * {@code [batch, …]}.
   */
  NDArray unfoldedInput(L layer, NDArray input);
}
