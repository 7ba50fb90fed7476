package io.espalier.trainer.federated;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.federated.MalformedPayloadException.Reason;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes what a server sends to its clients besides masks, little-endian:
 *
 * <ul>
 *   <li><b>values</b>: the kept values of a network and all values without a mask, F32, parameter
 *       by parameter in layout order, row-major;
 *   <li><b>norms</b>: norm statistics of several candidates, F32, candidate by candidate, each
 *       statistic in layout order with one value per channel;
 *   <li><b>candidates</b>: the number of mask sets (int32), then for each its length in bytes
 *       (int32) and the set as {@link MaskCodec} writes it in full.
 * </ul>
 *
 * All decoders throw {@link MalformedPayloadException}.
 */
public final class RoundPayload {
  private static final int MOST_CANDIDATES = 1000;

  private final StateLayout layout;
  private final NormEntries entries;

  public RoundPayload(StateLayout layout) {
    this.layout = layout;
    this.entries = new NormEntries(layout);
  }

  public int valuesBytes(MaskSet masks) {
    return layout.packedBytes(LiveUnits.of(masks.masks()));
  }

  public byte[] encodeValues(StateAccess values, MaskSet masks) {
    ByteBuffer target = ByteBuffer.allocate(valuesBytes(masks)).order(ByteOrder.LITTLE_ENDIAN);
    new StateCodec(layout).pack(values, LiveUnits.of(masks.masks()), target.asFloatBuffer());
    return target.array();
  }

  /** Decodes values; pruned ones are 0. */
  public TrainingState decodeValues(byte[] bytes, MaskSet masks) {
    MalformedPayloadException.require(
        bytes.length == valuesBytes(masks),
        Reason.WRONG_COUNT,
        () ->
            "values must be as many as the masks keep: bytes=%d, expected=%d"
                .formatted(bytes.length, valuesBytes(masks)));
    TrainingState state = new TrainingState(layout);
    new StateCodec(layout).unpack(wrap(bytes).asFloatBuffer(), LiveUnits.of(masks.masks()), state);
    return state;
  }

  int normsBytes(int candidates) {
    int perCandidate = entries.sizes().stream().mapToInt(Integer::intValue).sum();
    return Math.multiplyExact(candidates * Float.BYTES, perCandidate);
  }

  public byte[] encodeNorms(List<List<float[]>> norms) {
    ByteBuffer target =
        ByteBuffer.allocate(normsBytes(norms.size())).order(ByteOrder.LITTLE_ENDIAN);
    for (List<float[]> candidate : norms) {
      for (float[] statistic : candidate) {
        for (float value : statistic) {
          target.putFloat(value);
        }
      }
    }
    return target.array();
  }

  public List<List<float[]>> decodeNorms(byte[] bytes, int candidates) {
    MalformedPayloadException.require(
        bytes.length == normsBytes(candidates),
        Reason.WRONG_COUNT,
        () ->
            "norm statistics must be as many as candidates and channels say: bytes=%d, expected=%d"
                .formatted(bytes.length, normsBytes(candidates)));
    ByteBuffer source = wrap(bytes);
    List<List<float[]>> norms = new ArrayList<>();
    for (int candidate = 0; candidate < candidates; candidate++) {
      List<float[]> each = new ArrayList<>();
      for (int statistic = 0; statistic < entries.sizes().size(); statistic++) {
        each.add(statistic(source, statistic));
      }
      norms.add(each);
    }
    return norms;
  }

  private float[] statistic(ByteBuffer source, int statistic) {
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

  public static byte[] encodeCandidates(List<MaskSet> candidates) {
    List<byte[]> sets = candidates.stream().map(MaskCodec::encodeFull).toList();
    int bytes = Integer.BYTES + sets.stream().mapToInt(set -> Integer.BYTES + set.length).sum();
    ByteBuffer target = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    target.putInt(sets.size());
    sets.forEach(set -> target.putInt(set.length).put(set));
    return target.array();
  }

  public static List<MaskSet> decodeCandidates(
      byte[] bytes, Layout layout, List<ParameterId> prunable) {
    ByteBuffer source = wrap(bytes);
    try {
      int count = source.getInt();
      require(
          count >= 1 && count <= MOST_CANDIDATES,
          "there must be 1 to 1000 candidates: count=",
          count);
      List<MaskSet> candidates = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int length = source.getInt();
        require(
            length >= 0 && length <= source.remaining(),
            "a candidate must fit the payload: length=",
            length);
        byte[] set = new byte[length];
        source.get(set);
        candidates.add(MaskCodec.decodeFull(set, layout, prunable));
      }
      require(!source.hasRemaining(), "nothing may follow: bytes=", source.remaining());
      return candidates;
    } catch (BufferUnderflowException e) {
      throw new MalformedPayloadException(
          Reason.MALFORMED, "candidates must not end early: bytes=" + bytes.length);
    }
  }

  private static void require(boolean holds, String rule, int value) {
    MalformedPayloadException.require(holds, Reason.MALFORMED, () -> rule + value);
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
