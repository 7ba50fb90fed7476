package io.espalier.trainer.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

record SparseTensor(List<Integer> shape, StoredTensor values, StoredTensor mask) {
  private static final long MAX_UNITS = (Integer.MAX_VALUE - 8) / Float.BYTES;

  SparseTensor {
    shape = List.copyOf(shape);
  }

  static Optional<SparseTensor> ifSmaller(StoredTensor dense) {
    if (dense.type() != StoredTensor.Type.F32 || dense.dimensions().size() < 2) {
      return Optional.empty();
    }
    ByteBuffer bits = dense.view();
    int kept = 0;
    for (int unit = 0; unit < dense.size(); unit++) {
      kept += bits.getInt(unit * Float.BYTES) == 0 ? 0 : 1;
    }
    long sparseBytes = (long) kept * Float.BYTES + (dense.size() + 7L) / 8;
    return sparseBytes < bits.remaining() ? Optional.of(of(dense, kept)) : Optional.empty();
  }

  private static SparseTensor of(StoredTensor dense, int kept) {
    ByteBuffer bits = dense.view();
    ByteBuffer values = ByteBuffer.allocate(kept * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int unit = 0; unit < dense.size(); unit++) {
      int value = bits.getInt(unit * Float.BYTES);
      if (value != 0) {
        values.putInt(value);
      }
    }
    return new SparseTensor(
        dense.dimensions(),
        StoredTensor.owning(StoredTensor.Type.F32, List.of(kept), values.flip()),
        StoredTensor.ofBits(dense.size(), unit -> bits.getInt(unit * Float.BYTES) != 0));
  }

  /** Checks parts that were read; throws {@link IllegalArgumentException} if they do not match. */
  static SparseTensor of(String name, List<Integer> shape, StoredTensor values, StoredTensor mask) {
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
    return new SparseTensor(shape, values, mask);
  }

  StoredTensor dense() {
    int units = shape.stream().reduce(1, Math::multiplyExact);
    ByteBuffer kept = values.view();
    ByteBuffer all = ByteBuffer.allocate(units * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int unit = 0; unit < units; unit++) {
      if (mask.bit(unit)) {
        all.putInt(unit * Float.BYTES, kept.getInt());
      }
    }
    return StoredTensor.owning(StoredTensor.Type.F32, shape, all);
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
