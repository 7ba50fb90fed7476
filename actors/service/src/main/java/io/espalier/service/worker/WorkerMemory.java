package io.espalier.service.worker;

import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.TrainersOnNode;

/**
 * The memory that a worker may have.
 *
 * @param limitMb of its resident memory, in MB
 */
record WorkerMemory(long limitMb) {
  /** What the queue reserved for the run's trainers, and {@code overheadMb} for the rest. */
  static WorkerMemory of(RunLauncher.Order order, int overheadMb) {
    long trainers = order.trainers().stream().mapToInt(TrainersOnNode::trainers).sum();
    return new WorkerMemory(trainers * order.memoryMb() + overheadMb);
  }

  /** Of Java's heap: tensors live outside of it, and garbage may fill it up. */
  long heapMb() {
    return Math.max(1, limitMb / 2);
  }
}
