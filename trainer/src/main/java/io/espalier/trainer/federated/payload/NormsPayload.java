package io.espalier.trainer.federated.payload;

import io.espalier.trainer.federated.NormEntries;
import io.espalier.trainer.federated.payload.MalformedPayloadException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Norm statistics of several candidates: little-endian F32, candidate by candidate, each statistic in layout order with one value per channel. */
public final class NormsPayload {
  private final NormEntries entries;

  public NormsPayload(NormEntries entries) {
    this.entries = entries;
  }

  public int bytes(int candidates) {
    int perCandidate = entries.sizes().stream().mapToInt(Integer::intValue).sum();
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
   * @throws MalformedPayloadException if length or values are wrong
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
      for (int statistic = 0; statistic < entries.sizes().size(); statistic++) {
        each.add(values(source, statistic));
      }
      norms.add(each);
    }
    return norms;
  }

  private float[] values(ByteBuffer source, int statistic) {
    float[] values = new float[entries.sizes().get(statistic)];
    for (int i = 0; i < values.length; i++) {
      float value = source.getFloat();
      MalformedPayloadException.require(
          Float.isFinite(value),
          Reason.NOT_FINITE,
          () -> "norm statistics must be finite: value=" + value);
      MalformedPayloadException.require(
          entries.isSound(statistic, value),
          Reason.MALFORMED,
          () -> "norm statistics must be up to 1e12, and variances not below 0: value=" + value);
      values[i] = value;
    }
    return values;
  }
}
