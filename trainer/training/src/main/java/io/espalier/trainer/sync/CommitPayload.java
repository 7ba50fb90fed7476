package io.espalier.trainer.sync;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.channel.ChannelCodec;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.ReusedMemory;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The bytes of a commit, little-endian.
 *
 * <pre>
 *  0                  8              24      …           …          …             padded to 4
 * +------------------+--------------+-------+-----------+----------+-------------+-----------+
 * | step of the last | the lengths  | masks | annealing | restarts | norm ratios | packed    |
 * | mask update      | of the parts |       |           |          | (float32)   | (float32) |
 * +------------------+--------------+-------+-----------+----------+-------------+-----------+
 * </pre>
 *
 * <p>Where the examples are a stream, a {@link StreamState} follows the values.
 *
 * <p>Masks are those of weights, as {@link MaskCodec} writes them, or where the run prunes channels
 * the state of these in full, as {@link ChannelCodec} writes it.
 *
 * <p>Restarts are the units that stay kept but start anew at 0, as a mask set; norm ratios are what
 * scales of norms are multiplied with. Both are absent if there are none; these {@link
 * ValueChanges} are still to come where the values are those before the update.
 */
final class CommitPayload {
  private static final int HEADER_BYTES = 24;
  private static final int SECTIONS = 4;
  private static final byte[] NOTHING = {};

  private ReusedMemory current = new ReusedMemory();
  private ReusedMemory previous = new ReusedMemory();

  /**
   * The payload for trainers that hold the previous version, or get no new one. The call after the
   * next overwrites it: by then all trainers have applied it, and what is still on its way to an
   * older incarnation is void.
   */
  public ByteBuffer delta(
      MaskState before,
      MaskState after,
      ValueChanges changes,
      FloatBuffer values,
      Optional<StreamState> stream) {
    List<byte[]> sections =
        List.of(
            before == after ? NOTHING : encode(before, after),
            NOTHING,
            restarts(after.masks(), changes.restarted()),
            ratios(changes.normRatios()));
    ReusedMemory memory = previous;
    previous = current;
    current = memory;
    return assemble(after.updatedAt(), sections, values, stream, memory);
  }

  private static byte[] encode(MaskState before, MaskState after) {
    return after
        .channels()
        .map(ChannelCodec::encode)
        .orElseGet(() -> MaskCodec.encode(before.masks(), after.masks()));
  }

  public static ByteBuffer full(MaskState masks, FloatBuffer values, Optional<StreamState> stream) {
    List<byte[]> sections =
        List.of(
            masks
                .channels()
                .map(ChannelCodec::encode)
                .orElseGet(() -> MaskCodec.encodeFull(masks.masks())),
            masks.encodedAnnealing(),
            NOTHING,
            NOTHING);
    return assemble(masks.updatedAt(), sections, values, stream, new ReusedMemory());
  }

  static Optional<ChannelState> channels(ByteBuffer payload, Commit commit, PreparedRun run) {
    return commit.masks() == Commit.Masks.UNCHANGED
        ? Optional.empty()
        : run.channels()
            .map(channels -> ChannelCodec.decode(section(payload, 0), channels.groups()));
  }

  static long updatedAt(ByteBuffer payload) {
    return payload.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Decodes masks of single weights for a replica that holds {@code current}. */
  static MaskState masks(ByteBuffer payload, Commit commit, MaskState current, PreparedRun run) {
    byte[] masks = section(payload, 0);
    return switch (commit.masks()) {
      case UNCHANGED -> current;
      case DELTA -> current.updated(MaskCodec.decode(masks, current.masks()), commit.step());
      case FULL -> run.masks(masks, section(payload, 1), updatedAt(payload));
    };
  }

  static ValueChanges changes(ByteBuffer payload, PreparedRun run) {
    byte[] restarts = section(payload, 2);
    List<Mask> restarted =
        restarts.length == 0
            ? List.of()
            : MaskCodec.decodeFull(restarts, run.layout(), run.prunableIds()).masks();
    FloatBuffer ratios =
        ByteBuffer.wrap(section(payload, 3)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    return new ValueChanges(
        restarted, IntStream.range(0, ratios.remaining()).mapToObj(ratios::get).toList());
  }

  static FloatBuffer values(ByteBuffer payload, PreparedRun run) {
    int skipped = padded(start(payload, SECTIONS));
    return payload
        .slice(payload.position() + skipped, payload.remaining() - skipped - run.streamStateBytes())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

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

  private static byte[] ratios(List<Float> ratios) {
    ByteBuffer bytes =
        ByteBuffer.allocate(ratios.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ratios.forEach(bytes::putFloat);
    return bytes.array();
  }

  private static ByteBuffer assemble(
      long updatedAt,
      List<byte[]> sections,
      FloatBuffer values,
      Optional<StreamState> stream,
      ReusedMemory memory) {
    int valuesAt =
        padded(HEADER_BYTES + sections.stream().mapToInt(section -> section.length).sum());
    int streamAt = valuesAt + values.remaining() * Float.BYTES;
    int streamBytes = stream.map(state -> StreamState.bytes(state.at().offsets().size())).orElse(0);
    ByteBuffer payload = memory.take(streamAt + streamBytes);
    payload.putLong(updatedAt);
    sections.forEach(section -> payload.putInt(section.length));
    sections.forEach(payload::put);
    while (payload.position() < valuesAt) {
      payload.put((byte) 0);
    }
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
