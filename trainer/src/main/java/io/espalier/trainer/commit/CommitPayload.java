package io.espalier.trainer.commit;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.channel.ChannelCodec;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.AnnealingCodec;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a commit, little-endian.
 *
 * <pre>
 *  0                  8        12          16         20      …           …           padded to 4
 * +------------------+--------+-----------+----------+-------+-----------+----------+-----------+
 * | step of the last | masks  | annealing | restarts | masks | annealing | restarts | packed    |
 * | mask update      | length | length    | length   |       |           |          | (float32) |
 * +------------------+--------+-----------+----------+-------+-----------+----------+-----------+
 * </pre>
 *
 * <p>Where the examples are a stream, a {@link StreamState} follows the values.
 *
 * <p>Masks are those of weights, as {@link MaskCodec} writes them, or where the run prunes channels
 * the state of these in full, as {@link ChannelCodec} writes it.
 *
 * <p>Restarts are the units that stay kept but start anew at 0, as a mask set; absent if there are
 * none.
 */
public final class CommitPayload {
  private static final int HEADER_BYTES = 20;
  private static final int SECTIONS = 3;
  private static final byte[] NOTHING = {};

  private CommitPayload() {}

  /** Bytes for a trainer that holds the version before, or that gets no new one. */
  public static ByteBuffer delta(
      MaskState before,
      MaskState after,
      List<Mask> restarted,
      FloatBuffer values,
      Optional<StreamState> stream) {
    byte[] masks = before == after ? NOTHING : encode(before, after);
    return assemble(
        after.updatedAt(), masks, NOTHING, restarts(after.masks(), restarted), values, stream);
  }

  private static byte[] encode(MaskState before, MaskState after) {
    return after
        .channels()
        .map(ChannelCodec::encode)
        .orElseGet(() -> MaskCodec.encode(before.masks(), after.masks()));
  }

  /** Bytes for a trainer that holds nothing. */
  public static ByteBuffer full(MaskState masks, FloatBuffer values, Optional<StreamState> stream) {
    return assemble(
        masks.updatedAt(),
        masks
            .channels()
            .map(ChannelCodec::encode)
            .orElseGet(() -> MaskCodec.encodeFull(masks.masks())),
        AnnealingCodec.encode(masks.annealing(), masks.masks()),
        NOTHING,
        values,
        stream);
  }

  /** The channels that {@code payload} describes; empty if it describes none. */
  static Optional<ChannelState> channels(ByteBuffer payload, Commit commit, PreparedRun run) {
    return commit.masks() == Commit.Masks.UNCHANGED
        ? Optional.empty()
        : run.channels()
            .map(channels -> ChannelCodec.decode(section(payload, 0), channels.groups()));
  }

  /** Step of the last mask update. */
  static long updatedAt(ByteBuffer payload) {
    return payload.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /**
   * The masks of weights pruned one by one that {@code payload} describes to a replica that holds
   * {@code current}.
   */
  static MaskState masks(ByteBuffer payload, Commit commit, MaskState current, PreparedRun run) {
    byte[] masks = section(payload, 0);
    byte[] annealing = section(payload, 1);
    return switch (commit.masks()) {
      case UNCHANGED -> current;
      case DELTA -> current.updated(MaskCodec.decode(masks, current.masks()), commit.step());
      case FULL -> {
        MaskSet set = MaskCodec.decodeFull(masks, run.layout(), run.prunableIds());
        yield MaskState.of(
            run.config().prune().mask(),
            run.plan(),
            set,
            updatedAt(payload),
            AnnealingCodec.decode(annealing, run.temperature(), run.layout(), run.prunableIds()));
      }
    };
  }

  /** Units that start anew, one mask per prunable parameter; empty if there are none. */
  static List<Mask> restarted(ByteBuffer payload, PreparedRun run) {
    byte[] restarts = section(payload, 2);
    return restarts.length == 0
        ? List.of()
        : MaskCodec.decodeFull(restarts, run.layout(), run.prunableIds()).masks();
  }

  /** The packed values of {@code payload}. */
  static FloatBuffer values(ByteBuffer payload, PreparedRun run) {
    int skipped = padded(start(payload, SECTIONS));
    return payload
        .slice(payload.position() + skipped, payload.remaining() - skipped - run.streamStateBytes())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  /** What was read of the run's stream; empty if its examples are no stream. */
  static Optional<StreamState> stream(ByteBuffer payload, PreparedRun run) {
    return run.streamPartitions().stream()
        .mapToObj(partitions -> StreamState.decodeTail(payload, partitions))
        .findAny();
  }

  private static byte[] restarts(MaskSet masks, List<Mask> restarted) {
    return restarted.stream().allMatch(units -> units.kept() == 0)
        ? NOTHING
        : MaskCodec.encodeFull(
            MaskSet.of(masks.version(), masks.layout(), masks.parameters(), restarted));
  }

  private static ByteBuffer assemble(
      long updatedAt,
      byte[] masks,
      byte[] annealing,
      byte[] restarts,
      FloatBuffer values,
      Optional<StreamState> stream) {
    int valuesAt = padded(HEADER_BYTES + masks.length + annealing.length + restarts.length);
    int streamAt = valuesAt + values.remaining() * Float.BYTES;
    int streamBytes = stream.map(state -> StreamState.bytes(state.at().offsets().size())).orElse(0);
    ByteBuffer payload =
        ByteBuffer.allocateDirect(streamAt + streamBytes).order(ByteOrder.LITTLE_ENDIAN);
    payload.putLong(updatedAt);
    payload.putInt(masks.length).putInt(annealing.length).putInt(restarts.length);
    payload.put(masks).put(annealing).put(restarts).position(valuesAt);
    payload.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values.duplicate());
    stream.ifPresent(state -> state.encode(payload.position(streamAt)));
    return payload.rewind();
  }

  private static byte[] section(ByteBuffer payload, int index) {
    int start = start(payload, index);
    byte[] section = new byte[start(payload, index + 1) - start];
    payload.get(payload.position() + start, section);
    return section;
  }

  /** Where a section starts, or after the last one the end of all. */
  private static int start(ByteBuffer payload, int section) {
    ByteBuffer lengths = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    lengths.getLong();
    int start = HEADER_BYTES;
    for (int i = 0; i < section; i++) {
      start += lengths.getInt();
    }
    return start;
  }

  private static int padded(int length) {
    return (length + Float.BYTES - 1) / Float.BYTES * Float.BYTES;
  }
}
