package io.espalier.trainer.federated.payload;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.federated.payload.MalformedPayloadException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Candidate mask sets as bytes: their number as a little-endian 32-bit integer, then for each its length in bytes, another such integer, and the set as {@link MaskCodec} writes it in full. */
public final class CandidatesPayload {
  private static final int MOST = 1000;

  private CandidatesPayload() {}

  public static byte[] encode(List<MaskSet> candidates) {
    List<byte[]> sets = candidates.stream().map(MaskCodec::encodeFull).toList();
    int bytes = Integer.BYTES + sets.stream().mapToInt(set -> Integer.BYTES + set.length).sum();
    ByteBuffer target = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    target.putInt(sets.size());
    sets.forEach(set -> target.putInt(set.length).put(set));
    return target.array();
  }

  public static List<MaskSet> decode(byte[] bytes, Layout layout, List<ParameterId> prunable) {
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int count = source.getInt();
      require(count >= 1 && count <= MOST, "there must be 1 to 1000 candidates: count=", count);
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
}
