package io.espalier.trainer.state;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.AnnealingState.AnnealingGroup;
import io.espalier.masks.codec.MaskCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Annealing cohorts as bytes, oldest first, little-endian: step (8 bytes), length (4), mask set.
 */
final class AnnealingCodec {
  private AnnealingCodec() {}

  static byte[] encode(AnnealingState state, MaskSet masks) {
    List<byte[]> units = new ArrayList<>();
    int length = 0;
    for (AnnealingGroup cohort : state.groups()) {
      byte[] bytes =
          MaskCodec.encodeFull(
              MaskSet.of(cohort.version(), masks.layout(), masks.parameters(), cohort.units()));
      units.add(bytes);
      length += Long.BYTES + Integer.BYTES + bytes.length;
    }
    ByteBuffer target = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < units.size(); i++) {
      target.putLong(state.groups().get(i).step()).putInt(units.get(i).length).put(units.get(i));
    }
    return target.array();
  }

  static List<AnnealingGroup> decode(byte[] bytes, Layout layout, List<ParameterId> prunable) {
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<AnnealingGroup> cohorts = new ArrayList<>();
    while (source.hasRemaining()) {
      long step = source.getLong();
      byte[] units = new byte[source.getInt()];
      source.get(units);
      MaskSet set = MaskCodec.decodeFull(units, layout, prunable);
      cohorts.add(new AnnealingGroup(set.version(), step, set.masks()));
    }
    return cohorts;
  }
}
