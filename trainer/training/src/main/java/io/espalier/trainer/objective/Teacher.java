package io.espalier.trainer.objective;

import io.espalier.trainer.network.Network;
import java.util.List;
import java.util.Optional;

/** A stored network that stays as it is. Confined to the replica's thread. */
@FunctionalInterface
public interface Teacher extends AutoCloseable {
  /**
   * Its logits {@code [rows, classes]} of a run's {@link ObjectiveInputs#inputs}, as it has them in
   * an evaluation; {@code rows} are the examples times their positions.
   */
  float[] logits(float[] inputs, int rows);

  /**
   * Returns what its blocks of the same names give for what these read, in order, each as long as
   * what these give.
   */
  default List<float[]> blocks(float[] inputs, List<BlockValues> of) {
    throw new IllegalStateException("a teacher of blocks must be a stored network");
  }

  /** The network that it computes, if it is known. */
  default Optional<Network> network() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
