package io.espalier.trainer.update;

/** Values that a step updates, in arrays of which elements from {@link #count} on do not count. */
public interface Updated {
  int count();

  float[] values();

  /** Consumed by the step. */
  float[] gradient();

  float[] moment(int index);
}
