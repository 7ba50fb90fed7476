package io.espalier.trainer.stored;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkBlock;
import java.util.function.Function;

/** A network with fixed values on the engine. Gradients must be off. Not thread-safe. */
public final class FrozenNetwork {
  private final NetworkBlock block;
  private final ParameterStore store;

  /** Creates its arrays in {@code manager}; an open scope must not own them. */
  public FrozenNetwork(Network network, NDManager manager, Function<ParameterId, float[]> values) {
    block = new NetworkBlock(network);
    block.assign(manager, spec -> values.apply(spec.id()));
    store = new StoredValues(manager);
  }

  /** Logits {@code [batch, classes]}, with the norm statistics as they are. */
  public NDArray logits(NDArray input) {
    return block.forward(store, new NDList(input), false).singletonOrThrow();
  }

  private static final class StoredValues extends ParameterStore {
    StoredValues(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return parameter.getArray();
    }
  }
}
