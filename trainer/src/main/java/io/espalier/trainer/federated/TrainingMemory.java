package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;

/**
 * What training a network in a round takes of a device's memory, beyond what program and data take
 * anyway. An estimate: scratch space of the engine's kernels is not in it.
 *
 * <p>In 32-bit values: of each trained value the value, its gradient, the optimizer's moments, the
 * round's start and the change; its mask where it has one, and the start once more where {@code
 * proximal} pulls to it; of each running statistic the value, start and change. Of each example of
 * a batch the input and what each layer gives, which backward passes need, and the gradients of the
 * two largest of them.
 */
final class TrainingMemory {
  private TrainingMemory() {}

  /** Bytes, for batches of the recipe's size. */
  public static long bytes(PreparedRun run, RoundsConfig rounds) {
    long values = 0;
    for (StateLayout.Entry entry : run.stateLayout().entries()) {
      int copies = entry.slots() + 2;
      if (entry.role().isTrained()) {
        copies += 1 + (entry.mask().isPresent() ? 1 : 0) + (rounds.proximal() > 0 ? 1 : 0);
      }
      values += (long) copies * entry.size();
    }
    return Float.BYTES
        * (values + run.config().data().batchSize() * valuesPerExample(run.network()));
  }

  private static long valuesPerExample(Network network) {
    long[] sizes =
        network.nodes().stream()
            .map(GraphNode::name)
            .map(network::shapeOf)
            .mapToLong(TensorShape::size)
            .sorted()
            .toArray();
    long all = network.shapeOf(Network.INPUT).size();
    for (long size : sizes) {
      all += size;
    }
    long largest = sizes[sizes.length - 1];
    return all + largest + (sizes.length > 1 ? sizes[sizes.length - 2] : 0);
  }
}
