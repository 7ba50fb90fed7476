package io.espalier.federation.client;

import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.trainer.state.StateLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What rounding still owes, as bytes: big-endian F32, entry by entry in layout order; no bytes at
 * all if it owes nothing.
 */
final class RoundingErrors {
  private RoundingErrors() {}

  static byte[] encode(List<ErrorFeedback> debts) {
    List<float[]> all = debts.stream().map(ErrorFeedback::owed).toList();
    if (all.stream().allMatch(RoundingErrors::isNothing)) {
      return new byte[0];
    }
    int count = all.stream().mapToInt(each -> each.length).sum();
    ByteBuffer target = ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES));
    for (float[] each : all) {
      for (float value : each) {
        target.putFloat(value);
      }
    }
    return target.array();
  }

  private static boolean isNothing(float[] owed) {
    for (float value : owed) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** The debts of a layout; empty if there are none, or they are those of another one. */
  static Optional<List<ErrorFeedback>> decode(byte[] bytes, StateLayout layout) {
    int count = layout.entries().stream().mapToInt(StateLayout.Entry::size).sum();
    if (bytes.length != (long) count * Float.BYTES) {
      return Optional.empty();
    }
    ByteBuffer source = ByteBuffer.wrap(bytes);
    List<ErrorFeedback> debts = new ArrayList<>();
    for (StateLayout.Entry entry : layout.entries()) {
      float[] owed = new float[entry.size()];
      for (int i = 0; i < owed.length; i++) {
        owed[i] = source.getFloat();
      }
      debts.add(ErrorFeedback.of(owed));
    }
    return Optional.of(debts);
  }
}
