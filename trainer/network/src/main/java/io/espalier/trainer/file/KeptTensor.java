package io.espalier.trainer.file;

import io.espalier.masks.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A tensor as a file stores it: whole, or as its kept values and a packed mask of where they are.
 * Immutable and thread-safe.
 */
public final class KeptTensor {
  private static final long MAX_UNITS = (Integer.MAX_VALUE - 8) / Float.BYTES;

  private final List<Integer> dimensions;
  private final StoredTensor values;
  private final Optional<StoredTensor> mask;

  private KeptTensor(List<Integer> dimensions, StoredTensor values, Optional<StoredTensor> mask) {
    this.dimensions = List.copyOf(dimensions);
    this.values = values;
    this.mask = mask;
  }

  static KeptTensor whole(StoredTensor tensor) {
    return new KeptTensor(tensor.dimensions(), tensor, Optional.empty());
  }

  /** A tensor's kept values and mask, if they take fewer bytes than all its values. */
  static Optional<KeptTensor> ifSmaller(StoredTensor dense) {
    if (!isWeight(dense)) {
      return Optional.empty();
    }
    Mask kept = nonZero(dense);
    long sparseBytes = (long) kept.kept() * Float.BYTES + (dense.size() + 7L) / 8;
    return sparseBytes < dense.view().remaining()
        ? Optional.of(packed(dense, kept))
        : Optional.empty();
  }

  private static boolean isWeight(StoredTensor dense) {
    return dense.type() == StoredTensor.Type.F32 && dense.dimensions().size() >= 2;
  }

  /** Units that are not +0. */
  private static Mask nonZero(StoredTensor dense) {
    ByteBuffer bits = dense.view();
    return Mask.of(dense.size(), unit -> bits.getInt(unit * Float.BYTES) != 0);
  }

  private static KeptTensor packed(StoredTensor dense, Mask kept) {
    ByteBuffer bits = dense.view();
    ByteBuffer values =
        ByteBuffer.allocate(kept.kept() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    kept.forEachKept(unit -> values.putInt(bits.getInt(unit * Float.BYTES)));
    return new KeptTensor(
        dense.dimensions(),
        StoredTensor.owning(StoredTensor.Type.F32, List.of(kept.kept()), values.flip()),
        Optional.of(StoredTensor.ofBits(dense.size(), kept::isKept)));
  }

  /** Checks parts that were read; throws {@link IllegalArgumentException} if they do not match. */
  static KeptTensor of(String name, List<Integer> shape, StoredTensor values, StoredTensor mask) {
    long units = units(name, shape);
    if (mask.type() != StoredTensor.Type.U8 || mask.size() != (units + 7) / 8) {
      throw new IllegalArgumentException(
          "a mask must have one bit per unit: tensor=%s, shape=%s, mask=%s of %d bytes, expected=U8 of %d bytes"
              .formatted(name, shape, mask.type(), mask.view().remaining(), (units + 7) / 8));
    }
    if (values.type() != StoredTensor.Type.F32 || values.dimensions().size() != 1) {
      throw new IllegalArgumentException(
          "values must be floats on one axis: tensor=%s, values=%s %s"
              .formatted(name, values.type(), values.dimensions()));
    }
    for (long bit = units; bit < 8L * mask.size(); bit++) {
      if (mask.bit((int) bit)) {
        throw new IllegalArgumentException(
            "bits past a mask's end must be 0: tensor=%s, units=%d, bit=%d"
                .formatted(name, units, bit));
      }
    }
    int kept = ones(mask);
    if (kept != values.size()) {
      throw new IllegalArgumentException(
          "a tensor must have as many values as its mask has bits that are 1: tensor=%s, values=%d, ones=%d"
              .formatted(name, values.size(), kept));
    }
    return new KeptTensor(shape, values, Optional.of(mask));
  }

  public StoredTensor.Type type() {
    return values.type();
  }

  public List<Integer> dimensions() {
    return dimensions;
  }

  /** Whether the file has all its values. */
  public boolean isWhole() {
    return mask.isEmpty();
  }

  /** All values, in memory of their own unless the tensor is whole. */
  public StoredTensor dense() {
    if (isWhole()) {
      return values;
    }
    ByteBuffer kept = values.view();
    ByteBuffer all = ByteBuffer.allocate(size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    mask().forEachKept(unit -> all.putInt(unit * Float.BYTES, kept.getInt()));
    return StoredTensor.owning(StoredTensor.Type.F32, dimensions, all);
  }

  /** The units with a value: of a whole tensor of two or more axes those that are not +0. */
  public Mask mask() {
    if (mask.isPresent()) {
      return Mask.of(size(), mask.get()::bit);
    }
    return isWeight(values) ? nonZero(values) : Mask.allKept(values.size());
  }

  /** Values of the units of {@link #mask}; throws for types other than F32. */
  public float[] keptValues() {
    if (!isWhole() || !isWeight(values)) {
      return values.toFloatArray();
    }
    Mask kept = mask();
    FloatBuffer all = values.floats();
    float[] result = new float[kept.kept()];
    int[] next = {0};
    kept.forEachKept(unit -> result[next[0]++] = all.get(unit));
    return result;
  }

  /** Whether all values are finite; throws for types other than F32. */
  public boolean isFinite() {
    FloatBuffer stored = values.floats();
    while (stored.hasRemaining()) {
      if (!Float.isFinite(stored.get())) {
        return false;
      }
    }
    return true;
  }

  StoredTensor storedValues() {
    return values;
  }

  /** The packed mask; empty if the tensor is whole. */
  Optional<StoredTensor> storedMask() {
    return mask;
  }

  private int size() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }

  private static long units(String name, List<Integer> shape) {
    boolean isShape = shape.stream().allMatch(length -> length >= 1);
    long units = 1;
    for (int length : shape) {
      units = Math.min(units, MAX_UNITS + 1) * length;
    }
    if (!isShape || units > MAX_UNITS) {
      throw new IllegalArgumentException(
          "a sparse tensor must have values, and less than 2 GiB of them: tensor=%s, shape=%s"
              .formatted(name, shape));
    }
    return units;
  }

  private static int ones(StoredTensor mask) {
    ByteBuffer bytes = mask.view();
    int ones = 0;
    while (bytes.hasRemaining()) {
      ones += Integer.bitCount(bytes.get() & 0xff);
    }
    return ones;
  }
}
