package io.espalier.trainer.sync;

import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Averages states in double and trainer order; variances as {@code mean(varₖ + meanₖ²) − mean²}.
 */
final class Averager {
  private static final int BLOCK = 4096;

  private float[] result = {};

  /** Averages packed states; the next call overwrites the average. */
  FloatBuffer average(StateLayout layout, List<FloatBuffer> packed, LiveUnits living) {
    int length = layout.packedFloats(living);
    for (FloatBuffer part : packed) {
      if (part.remaining() != length) {
        throw new IllegalArgumentException(
            "a packed state must hold all living values: expected="
                + length
                + " found="
                + part.remaining());
      }
    }
    if (packed.size() == 1) {
      return packed.get(0).duplicate();
    }
    if (result.length < length || result.length / 2 > length) {
      result = new float[length];
    }
    int offset = 0;
    int meanOffset = -1;
    for (StateLayout.Entry entry : layout.entries()) {
      int count = living.count(entry) * entry.slots();
      if (entry.role() == Role.RUNNING_VARIANCE) {
        mergeVariances(packed, meanOffset, offset, count, result);
      } else {
        mergeValues(packed, offset, count, result);
      }
      meanOffset = entry.role() == Role.RUNNING_MEAN ? offset : meanOffset;
      offset += count;
    }
    return FloatBuffer.wrap(result, 0, length).slice();
  }

  private static void mergeValues(List<FloatBuffer> packed, int offset, int count, float[] result) {
    double[] sums = new double[Math.min(BLOCK, count)];
    float[] block = new float[sums.length];
    for (int start = 0; start < count; start += BLOCK) {
      int length = Math.min(BLOCK, count - start);
      Arrays.fill(sums, 0);
      for (FloatBuffer part : packed) {
        part.get(part.position() + offset + start, block, 0, length);
        for (int i = 0; i < length; i++) {
          sums[i] += block[i];
        }
      }
      for (int i = 0; i < length; i++) {
        result[offset + start + i] = (float) (sums[i] / packed.size());
      }
    }
  }

  private static void mergeVariances(
      List<FloatBuffer> packed, int meanOffset, int offset, int count, float[] result) {
    for (int i = 0; i < count; i++) {
      double meanSum = 0;
      double squareSum = 0;
      for (FloatBuffer part : packed) {
        double mean = part.get(part.position() + meanOffset + i);
        meanSum += mean;
        squareSum += part.get(part.position() + offset + i) + mean * mean;
      }
      double mean = meanSum / packed.size();
      result[offset + i] = (float) Math.max(0, squareSum / packed.size() - mean * mean);
    }
  }
}
