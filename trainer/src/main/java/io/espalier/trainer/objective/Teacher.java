package io.espalier.trainer.objective;

/** A stored network that stays as it is. Confined to the replica's thread. */
@FunctionalInterface
public interface Teacher extends AutoCloseable {
  /**
   * Its logits {@code [count, classes]} of a run's {@link Taps#inputs}, as it has them in an
   * evaluation.
   */
  float[] logits(float[] inputs, int count);

  @Override
  default void close() {}
}
