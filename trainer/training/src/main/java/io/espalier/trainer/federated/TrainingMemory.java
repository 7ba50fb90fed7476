package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.trainer.prepare.MemoryNeed;
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
        copies += 1 + (entry.mask().isPresent() ? 1 : 0) + (rounds.client().proximal() > 0 ? 1 : 0);
      }
      values += (long) copies * entry.size();
    }
    return Float.BYTES * values
        + MemoryNeed.activations(run.network(), run.config().data().batchSize());
  }
}
