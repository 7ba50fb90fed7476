package io.espalier.trainer.commit;

import io.espalier.masks.MaskSet;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.AnnealingCodec;
import io.espalier.trainer.state.MaskState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The bytes of a commit, little-endian.
 *
 * <pre>
 *  0        4           8                  16           …           padded to 4
 * +--------+-----------+------------------+------------+-----------+---------------+
 * | masks  | annealing | step of the last | mask bytes | annealing | packed values |
 * | length | length    | mask update      |            | bytes     | (float32)     |
 * +--------+-----------+------------------+------------+-----------+---------------+
 * </pre>
 */
public final class CommitPayload {
  private static final int HEADER_BYTES = 16;

  private CommitPayload() {}

  /** Bytes for a trainer that holds the version before, or that gets no new one. */
  public static ByteBuffer delta(MaskState before, MaskState after, FloatBuffer values) {
    byte[] masks = before == after ? new byte[0] : MaskCodec.encode(before.masks(), after.masks());
    return assemble(masks, new byte[0], after.updatedAt(), values);
  }

  /** Bytes for a trainer that holds nothing. */
  public static ByteBuffer full(MaskState masks, FloatBuffer values) {
    return assemble(
        MaskCodec.encodeFull(masks.masks()),
        AnnealingCodec.encode(masks.annealing(), masks.masks()),
        masks.updatedAt(),
        values);
  }

  /** The masks that {@code payload} describes to a replica that holds {@code current}. */
  static MaskState masks(ByteBuffer payload, Commit commit, MaskState current, PreparedRun run) {
    ByteBuffer bytes = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int maskLength = bytes.getInt();
    int annealingLength = bytes.getInt();
    long updatedAt = bytes.getLong();
    byte[] masks = take(bytes, maskLength);
    byte[] annealing = take(bytes, annealingLength);
    return switch (commit.masks()) {
      case UNCHANGED -> current;
      case DELTA -> current.updated(MaskCodec.decode(masks, current.masks()), commit.step());
      case FULL -> {
        MaskSet set = MaskCodec.decodeFull(masks, run.layout(), run.prunableIds());
        yield MaskState.of(
            run.config().prune().mask(),
            run.plan(),
            set,
            updatedAt,
            AnnealingCodec.decode(annealing, run.temperature(), run.layout(), run.prunableIds()));
      }
    };
  }

  /** The packed values of {@code payload}. */
  static FloatBuffer values(ByteBuffer payload) {
    ByteBuffer bytes = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int skipped = padded(HEADER_BYTES + bytes.getInt() + bytes.getInt());
    return payload
        .slice(payload.position() + skipped, payload.remaining() - skipped)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  private static ByteBuffer assemble(
      byte[] masks, byte[] annealing, long updatedAt, FloatBuffer values) {
    int valuesAt = padded(HEADER_BYTES + masks.length + annealing.length);
    ByteBuffer payload =
        ByteBuffer.allocateDirect(valuesAt + values.remaining() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    payload.putInt(masks.length).putInt(annealing.length).putLong(updatedAt);
    payload.put(masks).put(annealing).position(valuesAt);
    payload.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values.duplicate());
    return payload.rewind();
  }

  private static byte[] take(ByteBuffer bytes, int length) {
    byte[] taken = new byte[length];
    bytes.get(taken);
    return taken;
  }

  private static int padded(int length) {
    return (length + Float.BYTES - 1) / Float.BYTES * Float.BYTES;
  }
}
