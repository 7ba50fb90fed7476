package io.espalier.trainer.offline;

/** Hears how far pruning is; called often. */
@FunctionalInterface
public interface PruneProgress {
  /** Says what is done at a time. */
  enum Phase {
    /** Batches of examples pass through the network. */
    MEASURING,
    /** Weights are read for their scores; global allocations read them several times. */
    SCORING,
    /** The output is written; heard with 0 before its first file is there. */
    WRITING
  }

  /**
   * Hears of a piece that is done.
   *
   * @param done batches of this phase, or bytes that it has read or written so far
   * @param total batches, bytes of weights that are pruned, or of all that is written
   */
  void at(Phase phase, long done, long total);
}
