package io.espalier.trainer.stored;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.HeapFloats;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.BlockValues;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A network with fixed values on the engine. Gradients must be off but for a pass that wants them.
 * Not thread-safe.
 */
public final class FrozenNetwork {
  private final NDManager manager;
  private final ImageShape input;
  private final NetworkBlock block;
  private final ParameterStore store;

  /** Creates its arrays in {@code manager}; an open scope must not own them. */
  public FrozenNetwork(Network network, NDManager manager, Function<ParameterId, float[]> values) {
    this.manager = manager;
    input = network.input();
    block = new NetworkBlock(network);
    block.assign(manager, spec -> values.apply(spec.id()));
    store = new StoredValues(manager);
  }

  /**
   * Logits {@code [count · positions, classes]} of the first {@code count} inputs, with the norm
   * statistics as they are.
   */
  public float[] logits(float[] inputs, int count) {
    return pass(inputs, count, NDArray::toFloatArray);
  }

  /** The same; {@code read} gets the logits on the engine, which live until it returns. */
  public <T> T pass(float[] inputs, int count, Function<NDArray, T> read) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Shape shape = new Shape(count, input.channels(), input.height(), input.width());
      NDArray batch = HeapFloats.copy(inputs, shape, manager);
      return read.apply(block.forward(store, new NDList(batch), false).singletonOrThrow());
    }
  }

  /**
   * What blocks of the same names give for what these read, each in the shape that these give;
   * {@code count} are the examples.
   */
  List<float[]> blocks(float[] inputs, int count, List<BlockValues> of) {
    BlockPass pass = new BlockPass(manager, block.network(), count, of);
    block.tapNodes(Optional.of(pass));
    try {
      pass(inputs, count, logits -> logits);
      return pass.given();
    } finally {
      block.tapNodes(Optional.empty());
    }
  }

  /** What computes; its parameters have the network's arrays. */
  public NetworkBlock block() {
    return block;
  }

  /** Rows of logits per example. */
  int positions() {
    return block.network().positions();
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
