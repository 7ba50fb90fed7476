package io.espalier.service.worker;

import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.TrainersOnNode;

/**
 * The memory that a worker may have.
 *
 * @param limitMb of its resident memory, in MB
 */
record WorkerMemory(long limitMb) {
  /** The memory that the queue reserved for trainers, and {@code overheadMb} for the rest. */
  static WorkerMemory of(RunLauncher.Order order, int overheadMb) {
    long trainers = order.trainers().stream().mapToInt(TrainersOnNode::trainers).sum();
    return new WorkerMemory(trainers * order.memoryMb() + overheadMb);
  }

  /** The size of Java's heap: tensors live outside of it, and garbage may fill it up. */
  long heapMb() {
    return Math.max(1, limitMb / 2);
  }
}
