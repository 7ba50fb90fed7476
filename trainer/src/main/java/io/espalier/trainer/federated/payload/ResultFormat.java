package io.espalier.trainer.federated.payload;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.state.StateLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

final class ResultFormat {
  static final int MAGIC = 'E' | 'S' << 8 | 'P' << 16 | 'R' << 24;
  static final int HEAD = 12;

  private ResultFormat() {}

  static int kind(RoundWork.Kind kind) {
    return switch (kind) {
      case MEASURE_NORMS -> 1;
      case MEASURE_LOSSES -> 2;
      case TRAIN, TRAIN_AND_PROPOSE -> 3;
    };
  }

  static int number(ValueFormat format) {
    return switch (format) {
      case FP32 -> 1;
      case FP16 -> 2;
      case INT8 -> 3;
    };
  }

  /** The units of an entry that a client holds. */
  static Mask holds(StateLayout.Entry entry, MaskSet holds) {
    return entry
        .mask()
        .map(index -> holds.masks().get(index))
        .orElseGet(() -> Mask.allKept(entry.size()));
  }

  /** Norm statistics are few and not rounded. */
  static ValueFormat format(StateLayout.Entry entry, ValueFormat format) {
    return entry.role().isTrained() ? format : ValueFormat.FP32;
  }

  static byte[] little(int count, Consumer<ByteBuffer> fill) {
    byte[] bytes = new byte[count];
    fill.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }
}
