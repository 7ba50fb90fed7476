package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerForm;

/** How sparse execution computes layers of a class. Stateless and thread-safe. */
@FunctionalInterface
public interface SparseOp<L extends Layer> extends LayerForm<L> {
  /** Makes the operation of one layer of a network. */
  Operation of(L layer, SparseNode at);
}
