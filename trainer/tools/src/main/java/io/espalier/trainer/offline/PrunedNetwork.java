package io.espalier.trainer.offline;

import java.util.List;

/**
 * Describes what pruning left of a stored network.
 *
 * @param tensors those that were pruned, in file order
 * @param others tensors that are as they were
 * @param bytes of the files read, and of those written
 */
public record PrunedNetwork(List<PrunedTensor> tensors, int others, long bytes) {
  public PrunedNetwork {
    tensors = List.copyOf(tensors);
  }

  public long prunable() {
    return tensors.stream().mapToLong(PrunedTensor::size).sum();
  }

  public long kept() {
    return tensors.stream().mapToLong(PrunedTensor::kept).sum();
  }

  public double sparsity() {
    return prunable() == 0 ? 0 : 1 - (double) kept() / prunable();
  }
}
