package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of channels as bytes, group by group, little-endian.
 *
 * <pre>
 *  0          4             4 + 8 · w      4 + 16 · w
 * +----------+-------------+--------------+-----------------------+------------------+
 * | channels | present     | kept         | step for each that is | what each that   | … the next
 * | (c)      | (w words)   | (w words)    | present and not kept  | is present       | group
 * |          |             |              |                       | matters, float32 |
 * +----------+-------------+--------------+-----------------------+------------------+
 * </pre>
 *
 * <p>{@code w = ceil(c / 64)}; channel {@code i} is bit {@code i mod 64} of word {@code i / 64}.
 *
 * <p>What channels matter is there if the highest bit of {@code channels} is set, in all groups or
 * in none.
 */
public final class ChannelCodec {
  private static final int WEIGHED = 1 << 31;

  private ChannelCodec() {}

  public static byte[] encode(ChannelState state) {
    ByteBuffer target = ByteBuffer.allocate(bytes(state)).order(ByteOrder.LITTLE_ENDIAN);
    for (int g = 0; g < state.present().size(); g++) {
      int group = g;
      Mask present = state.present().get(g);
      Mask kept = state.kept().get(g);
      target.putInt(isWeighed(state) ? present.size() | WEIGHED : present.size());
      put(present, target);
      put(kept, target);
      present.andNot(kept).forEachKept(c -> target.putLong(state.prunedAt(group, c).orElseThrow()));
      if (isWeighed(state)) {
        present.forEachKept(c -> target.putFloat(state.importances().get(group)[c]));
      }
    }
    return target.array();
  }

  private static boolean isWeighed(ChannelState state) {
    return !state.importances().isEmpty();
  }

  /**
   * Reads a state that {@link #encode} wrote.
   *
   * @param groups of the network that it must be a state of
   * @throws DamagedMaskException if it is none
   */
  public static ChannelState decode(byte[] bytes, Groups groups) {
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Mask> kept = new ArrayList<>();
    List<Mask> present = new ArrayList<>();
    List<long[]> steps = new ArrayList<>();
    List<float[]> importances = new ArrayList<>();
    try {
      for (Group group : groups.all()) {
        int channels = source.getInt();
        boolean weighed = (channels & WEIGHED) != 0;
        require((channels & ~WEIGHED) == group.channels(), group);
        require(weighed == (importances.size() == group.id()) || group.id() == 0, group);
        present.add(mask(source, group.channels()));
        kept.add(mask(source, group.channels()));
        require(ChannelState.fits(group, kept.get(group.id()), present.get(group.id())), group);
        steps.add(steps(source, present.get(group.id()).andNot(kept.get(group.id())), group));
        if (weighed) {
          importances.add(importances(source, present.get(group.id()), group));
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new DamagedMaskException("channels must be whole: bytes=" + bytes.length);
    }
    if (source.hasRemaining()) {
      throw new DamagedMaskException(
          "channels must end with the last group: groups=%d, bytes behind=%d"
              .formatted(groups.all().size(), source.remaining()));
    }
    return ChannelState.of(
        kept, present, (group, channel) -> steps.get(group)[channel], importances);
  }

  private static float[] importances(ByteBuffer source, Mask present, Group group) {
    float[] importances = new float[present.size()];
    for (int c = present.nextKept(0); c >= 0; c = present.nextKept(c + 1)) {
      importances[c] = source.getFloat();
      require(Float.isFinite(importances[c]) && importances[c] >= 0, group);
    }
    return importances;
  }

  private static long[] steps(ByteBuffer source, Mask pruned, Group group) {
    long[] steps = new long[pruned.size()];
    for (int c = pruned.nextKept(0); c >= 0; c = pruned.nextKept(c + 1)) {
      steps[c] = source.getLong();
      require(steps[c] >= 0, group);
    }
    return steps;
  }

  private static Mask mask(ByteBuffer source, int channels) {
    long[] words = new long[(channels + 63) / 64];
    for (int i = 0; i < words.length; i++) {
      words[i] = source.getLong();
    }
    return Mask.ofWords(channels, words);
  }

  private static void put(Mask mask, ByteBuffer target) {
    for (int i = 0; i < mask.wordCount(); i++) {
      target.putLong(mask.word(i));
    }
  }

  private static int bytes(ChannelState state) {
    int bytes = 0;
    for (int g = 0; g < state.present().size(); g++) {
      Mask present = state.present().get(g);
      int pruned = present.andNot(state.kept().get(g)).kept();
      bytes += Integer.BYTES + (2 * present.wordCount() + pruned) * Long.BYTES;
      bytes += isWeighed(state) ? present.kept() * Float.BYTES : 0;
    }
    return bytes;
  }

  private static void require(boolean holds, Group group) {
    if (!holds) {
      throw new DamagedMaskException(
          "channels must be those of the network, one of each group kept and all where none may go, pruned at a step of 0 or more, of an importance of 0 or more: group=%d, channels=%d"
              .formatted(group.id(), group.channels()));
    }
  }
}
