package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;

/** One array of a state in memory: all of its values, or those of the units that live. */
sealed interface StoredArray {
  /** All values; those of {@link Dense} themselves, else a copy. */
  float[] values();

  void read(int from, FloatBuffer target);

  void gather(Mask units, FloatBuffer target);

  void digest(ValueDigest digest);

  /** The largest absolute value; NaN if there is one. */
  float largestMagnitude();

  /** Returns the same values in the same memory, which neither writes any more. */
  StoredArray shared();

  /** Returns the same values in memory of their own, to be written. */
  Dense writable();

  /** Units of a mask, all others 0; in the smaller form. */
  static StoredArray of(Mask units, FloatBuffer source) {
    if (2L * units.kept() >= units.size()) {
      float[] values = new float[units.size()];
      new MaskedArrayCopy().scatter(source, units, FloatBuffer.wrap(values));
      return new Dense(values, true);
    }
    float[] kept = new float[units.kept()];
    source.get(kept);
    return new Kept(units, KeptUnits.ranks(units), kept);
  }

  /** Zeros take no memory. */
  static StoredArray zeros(int size) {
    return of(Mask.noneKept(size), FloatBuffer.allocate(0));
  }

  private static float largestMagnitude(float[] values) {
    // Bits without the sign are in the order of magnitudes, and NaN is above all.
    int largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    return Float.intBitsToFloat(largest);
  }

  /**
   * All values.
   *
   * @param owned whether nothing else has the array, so that it may be written
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Dense(float[] values, boolean owned) implements StoredArray {
    @Override
    public void read(int from, FloatBuffer target) {
      target.put(values, from, target.remaining());
    }

    @Override
    public void digest(ValueDigest digest) {
      digest.all(FloatBuffer.wrap(values));
    }

    @Override
    public void gather(Mask units, FloatBuffer target) {
      new MaskedArrayCopy().gather(FloatBuffer.wrap(values), units, target);
    }

    @Override
    public float largestMagnitude() {
      return StoredArray.largestMagnitude(values);
    }

    @Override
    public StoredArray shared() {
      return new Dense(values, false);
    }

    @Override
    public Dense writable() {
      return owned ? this : new Dense(values.clone(), true);
    }
  }

  /**
   * Not written any more.
   *
   * @param ranks of {@link KeptUnits}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Kept(Mask units, int[] ranks, float[] kept) implements StoredArray {
    @Override
    public float[] values() {
      float[] values = new float[units.size()];
      read(0, FloatBuffer.wrap(values));
      return values;
    }

    @Override
    public void read(int from, FloatBuffer target) {
      KeptUnits.read(units, kept, from, KeptUnits.before(units, ranks, from), target);
    }

    @Override
    public void digest(ValueDigest digest) {
      digest.kept(units, kept);
    }

    @Override
    public void gather(Mask wanted, FloatBuffer target) {
      KeptUnits.gather(units, kept, wanted, target);
    }

    @Override
    public float largestMagnitude() {
      return StoredArray.largestMagnitude(kept);
    }

    @Override
    public StoredArray shared() {
      return this;
    }

    @Override
    public Dense writable() {
      return new Dense(values(), true);
    }
  }
}
