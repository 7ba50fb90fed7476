package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerForm;

/** How the engine computes layers of a class. Stateless and thread-safe. */
@FunctionalInterface
public interface EngineOp<L extends Layer> extends LayerForm<L> {
  /** The layer's output, batch first, which the scope of the pass owns. */
  NDArray forward(L layer, Forward pass);
}
