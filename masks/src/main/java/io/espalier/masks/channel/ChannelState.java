package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * The state of each channel of a whole network: kept, pruned since some step, or cut for good.
 * Masks are one per group, over all its channels. Immutable.
 */
public final class ChannelState {
  private static final long NONE = -1;

  private final List<Mask> kept;
  private final List<Mask> present;
  private final List<long[]> prunedAt;
  private final List<float[]> importances;

  /** Takes ownership of {@code prunedAt}: steps where a channel is pruned and not cut. */
  private ChannelState(
      List<Mask> kept, List<Mask> present, List<long[]> prunedAt, List<float[]> importances) {
    this.kept = List.copyOf(kept);
    this.present = List.copyOf(present);
    this.prunedAt = List.copyOf(prunedAt);
    this.importances = List.copyOf(importances);
  }

  public static ChannelState dense(Groups groups) {
    return of(groups.allKept(), groups.allKept(), (group, channel) -> NONE, List.of());
  }

  interface PrunedAt {
    /** Step of the update that pruned a channel that is present and not kept. */
    long of(int group, int channel);
  }

  static ChannelState of(
      List<Mask> kept, List<Mask> present, PrunedAt prunedAt, List<float[]> importances) {
    List<long[]> steps = new ArrayList<>();
    for (int g = 0; g < present.size(); g++) {
      int group = g;
      long[] each = new long[present.get(g).size()];
      Arrays.fill(each, NONE);
      present.get(g).andNot(kept.get(g)).forEachKept(c -> each[c] = prunedAt.of(group, c));
      steps.add(each);
    }
    return new ChannelState(kept, present, steps, importances);
  }

  /** Channels that are neither pruned nor cut. */
  public List<Mask> kept() {
    return kept;
  }

  /** Channels that were not cut. */
  public List<Mask> present() {
    return present;
  }

  public List<Mask> pruned() {
    return channels((group, channel) -> !kept.get(group).isKept(channel));
  }

  public boolean isCut() {
    return present.stream().anyMatch(mask -> mask.pruned() > 0);
  }

  /** Step of the update that pruned a channel; empty if it is kept or was cut. */
  public OptionalLong prunedAt(int group, int channel) {
    long step = prunedAt.get(group)[channel];
    return step == NONE ? OptionalLong.empty() : OptionalLong.of(step);
  }

  /**
   * Importances at the last update: per group one number of 0 or more per channel, 0 for cut ones;
   * empty where the recipe does not need it.
   */
  List<float[]> importances() {
    return importances;
  }

  /** This state with new importances, one finite number of 0 or more per channel. */
  ChannelState weighed(List<float[]> scores) {
    return new ChannelState(kept, present, prunedAt, of(scores, present));
  }

  /**
   * Channels that an update may keep; pruned ones may return only if {@code mayReturn} (soft
   * masks).
   */
  public List<Mask> candidates(boolean mayReturn) {
    return mayReturn ? present : kept;
  }

  /**
   * The state after an update at {@code step} that keeps {@code next}, a subset of the candidates.
   */
  public ChannelState updated(List<Mask> next, boolean mayReturn, long step) {
    requireSubset("an update must keep candidates only", next, candidates(mayReturn));
    return of(
        next, present, (group, channel) -> prunedAt(group, channel).orElse(step), importances);
  }

  /** Channels that at {@code step} have been pruned for {@code settle} steps without a break. */
  public List<Mask> settled(long step, long settle) {
    return prunedAt(since -> step - since >= settle);
  }

  /** Channels that are pruned and not cut, by the step of the update that pruned them. */
  List<Mask> prunedAt(LongPredicate step) {
    return channels(
        (group, channel) ->
            prunedAt.get(group)[channel] != NONE && step.test(prunedAt.get(group)[channel]));
  }

  /** The state without {@code gone}, channels that are pruned. */
  public ChannelState cut(List<Mask> gone) {
    requireSubset("only pruned channels must be cut", gone, pruned());
    List<Mask> left =
        IntStream.range(0, present.size())
            .mapToObj(g -> present.get(g).andNot(gone.get(g)))
            .toList();
    return of(kept, left, (group, channel) -> prunedAt.get(group)[channel], of(importances, left));
  }

  /** Importances, 0 for all channels outside {@code some}. */
  private static List<float[]> of(List<float[]> importances, List<Mask> some) {
    List<float[]> left = new ArrayList<>();
    for (int g = 0; g < importances.size(); g++) {
      float[] all = importances.get(g);
      float[] each = new float[all.length];
      some.get(g).forEachKept(channel -> each[channel] = all[channel]);
      left.add(each);
    }
    return left;
  }

  private interface Test {
    boolean holds(int group, int channel);
  }

  private List<Mask> channels(Test test) {
    List<Mask> channels = new ArrayList<>();
    for (int g = 0; g < present.size(); g++) {
      int group = g;
      IntPredicate holds = c -> present.get(group).isKept(c) && test.holds(group, c);
      channels.add(Mask.of(present.get(g).size(), holds));
    }
    return channels;
  }

  private static void requireSubset(String rule, List<Mask> masks, List<Mask> of) {
    boolean fits = masks.size() == of.size();
    for (int g = 0; fits && g < of.size(); g++) {
      fits =
          masks.get(g).size() == of.get(g).size()
              && masks.get(g).countAnd(of.get(g)) == masks.get(g).kept();
    }
    if (!fits) {
      throw new IllegalArgumentException("%s: channels=%s, of=%s".formatted(rule, masks, of));
    }
  }

  /** Whether the masks fit the group and leave enough channels. */
  static boolean fits(Group group, Mask kept, Mask present) {
    return kept.kept() >= group.least() && kept.countAnd(present) == kept.kept();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelState state
        && kept.equals(state.kept)
        && present.equals(state.present)
        && IntStream.range(0, prunedAt.size())
            .allMatch(g -> Arrays.equals(prunedAt.get(g), state.prunedAt.get(g)))
        && importances.size() == state.importances.size()
        && IntStream.range(0, importances.size())
            .allMatch(g -> Arrays.equals(importances.get(g), state.importances.get(g)));
  }

  @Override
  public int hashCode() {
    return 31 * kept.hashCode() + present.hashCode();
  }

  @Override
  public String toString() {
    return "ChannelState(kept=%d, present=%d of %d)"
        .formatted(
            kept.stream().mapToInt(Mask::kept).sum(),
            present.stream().mapToInt(Mask::kept).sum(),
            present.stream().mapToInt(Mask::size).sum());
  }
}
