package io.espalier.trainer.objective;

/** A stored network that stays as it is. Confined to the replica's thread. */
@FunctionalInterface
public interface Teacher extends AutoCloseable {
  /**
   * Its logits {@code [rows, classes]} of a run's {@link Taps#inputs}, as it has them in an
   * evaluation; {@code rows} are the examples times their positions.
   */
  float[] logits(float[] inputs, int rows);

  @Override
  default void close() {}
}
