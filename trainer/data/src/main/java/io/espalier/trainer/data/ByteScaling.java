package io.espalier.trainer.data;

/** How bytes, 0 to 255, become inputs: {@code (byte − shift) · scale}. */
public interface ByteScaling {
  /** Equally large groups of adjacent values of an example, each with a shift and a scale. */
  int groups();

  float shift(int group);

  float scale(int group);
}
