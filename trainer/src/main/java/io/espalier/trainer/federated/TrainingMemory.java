package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;

/**
 * Estimates a round's training memory, without program, data and kernel scratch space.
 *
 * <p>In 32-bit values: per trained value the value, gradient, moments, start and change, any mask,
 * and the start again with {@code proximal}; per running statistic the value, start and change; per
 * example of a batch the input, each layer's output, and the two largest gradients.
 */
final class TrainingMemory {
  private TrainingMemory() {}

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
