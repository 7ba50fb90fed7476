package io.espalier.federation.client;

import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.trainer.state.StateLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Encodes rounding errors: big-endian F32 in layout order; no bytes if all are 0. */
final class RoundingErrors {
  private RoundingErrors() {}

  static byte[] encode(List<ErrorFeedback> errors) {
    if (errors.stream().allMatch(ErrorFeedback::isNone)) {
      return new byte[0];
    }
    int count = errors.stream().mapToInt(ErrorFeedback::units).sum();
    ByteBuffer target = ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES));
    for (ErrorFeedback each : errors) {
      for (float value : each.owed()) {
        target.putFloat(value);
      }
    }
    return target.array();
  }

  /** Returns the errors of a layout; empty if there are none, or they are of another layout. */
  static Optional<List<ErrorFeedback>> decode(byte[] bytes, StateLayout layout) {
    int count = layout.entries().stream().mapToInt(StateLayout.Entry::size).sum();
    if (bytes.length != (long) count * Float.BYTES) {
      return Optional.empty();
    }
    ByteBuffer source = ByteBuffer.wrap(bytes);
    List<ErrorFeedback> errors = new ArrayList<>();
    for (StateLayout.Entry entry : layout.entries()) {
      float[] owed = new float[entry.size()];
      for (int i = 0; i < owed.length; i++) {
        owed[i] = source.getFloat();
      }
      errors.add(ErrorFeedback.of(owed));
    }
    return Optional.of(errors);
  }
}
