package io.espalier.trainer.federated.payload;

import io.espalier.trainer.federated.payload.MalformedPayloadException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Norm statistics of several candidates: little-endian F32, candidate by candidate, each statistic
 * in layout order with one value per channel.
 */
public final class NormsPayload {
  private final List<Integer> sizes;

  /** Payloads of statistics with so many channels each. */
  public NormsPayload(List<Integer> sizes) {
    this.sizes = List.copyOf(sizes);
  }

  /** Bytes of a payload. */
  public int bytes(int candidates) {
    int perCandidate = sizes.stream().mapToInt(Integer::intValue).sum();
    return Math.multiplyExact(candidates * Float.BYTES, perCandidate);
  }

  public byte[] encode(List<List<float[]>> norms) {
    ByteBuffer target = ByteBuffer.allocate(bytes(norms.size())).order(ByteOrder.LITTLE_ENDIAN);
    for (List<float[]> candidate : norms) {
      for (float[] statistic : candidate) {
        for (float value : statistic) {
          target.putFloat(value);
        }
      }
    }
    return target.array();
  }

  /**
   * The statistics of so many candidates.
   *
   * @throws MalformedPayloadException if the length is another one, or a value not finite
   */
  public List<List<float[]>> decode(byte[] bytes, int candidates) {
    MalformedPayloadException.require(
        bytes.length == bytes(candidates),
        Reason.WRONG_COUNT,
        () ->
            "norm statistics must be as many as candidates and channels say: bytes=%d, expected=%d"
                .formatted(bytes.length, bytes(candidates)));
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<List<float[]>> norms = new ArrayList<>();
    for (int candidate = 0; candidate < candidates; candidate++) {
      List<float[]> each = new ArrayList<>();
      for (int size : sizes) {
        each.add(statistic(source, size));
      }
      norms.add(each);
    }
    return norms;
  }

  private static float[] statistic(ByteBuffer source, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      float value = source.getFloat();
      MalformedPayloadException.require(
          Float.isFinite(value),
          Reason.NOT_FINITE,
          () -> "norm statistics must be finite: value=" + value);
      values[i] = value;
    }
    return values;
  }
}
