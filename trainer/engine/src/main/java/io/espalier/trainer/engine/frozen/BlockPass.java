package io.espalier.trainer.engine.frozen;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.engine.HeapFloats;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.objective.BlockValues;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A pass in which each block reads what the same block of another network has read. */
final class BlockPass implements NetworkBlock.NodeTap {
  private final NDManager manager;
  private final Network network;
  private final int count;
  private final List<BlockValues> of;
  private final Map<String, float[]> given = new HashMap<>();

  BlockPass(NDManager manager, Network network, int count, List<BlockValues> of) {
    this.manager = manager;
    this.network = network;
    this.count = count;
    this.of = List.copyOf(of);
  }

  @Override
  public NDArray see(String node, NDArray output) {
    if (of.stream().anyMatch(each -> each.block().to().equals(node))) {
      given.put(node, output.toFloatArray());
    }
    return of.stream()
        .filter(each -> each.block().from().equals(node))
        .findFirst()
        .map(each -> HeapFloats.copy(each.read(), shape(node), manager))
        .orElse(output);
  }

  private Shape shape(String node) {
    TensorShape shape = network.shapeOf(node);
    return new Shape(count, shape.channels(), shape.positions());
  }

  /** The output of each block, in order. */
  List<float[]> given() {
    return of.stream().map(each -> Objects.requireNonNull(given.get(each.block().to()))).toList();
  }
}
