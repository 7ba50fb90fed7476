package io.espalier.trainer.offline;

/** Hears how far pruning is; called often. */
@FunctionalInterface
public interface PruneProgress {
  /** What is done at a time. */
  enum Phase {
    /** Weights are read for their scores; global allocations read them several times. */
    SCORING,
    WRITING
  }

  /**
   * Hears of a piece that is done.
   *
   * @param done bytes that this phase has read so far
   * @param total bytes of weights that are pruned, or of all that is written
   */
  void at(Phase phase, long done, long total);
}
