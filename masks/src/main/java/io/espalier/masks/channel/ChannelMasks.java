package io.espalier.masks.channel;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The masks of weights that follow from the channels of a network as it is laid out. Immutable. A
 * channel that no weight reads is gone from the network's function, whichever layer gives it.
 */
public final class ChannelMasks {
  private final Groups groups;
  private final Layout layout;
  private final List<ParameterId> prunable;

  /** The weights that lose their share of a pruned channel. */
  public enum Sides {
    /** The weights that give the channel and those that read it. */
    BOTH,
    /** The weights that read it; those that give it keep training, so that it can return. */
    READERS
  }

  public ChannelMasks(Groups groups, Layout layout, List<ParameterId> prunable) {
    this.groups = groups;
    this.layout = layout;
    this.prunable = List.copyOf(prunable);
  }

  public MaskSet of(List<Mask> kept, Sides sides, MaskVersion version) {
    Layout left = groups.cut(layout, kept);
    Layout seen = sides == Sides.BOTH ? left : layout.cut(read(left));
    return MaskSet.of(
        version, layout, prunable, prunable.stream().map(id -> mask(id, seen)).toList());
  }

  /** Returns the masks with the share of a pruned channel cut on both sides. */
  List<Mask> of(List<Mask> kept) {
    return of(kept, Sides.BOTH, MaskVersion.DENSE).masks();
  }

  Groups groups() {
    return groups;
  }

  /** Whether a group's channels lie along an axis of a prunable parameter. */
  boolean flow(Group group, int parameter) {
    ParameterId id = prunable.get(parameter);
    return group.members().stream().anyMatch(member -> member.parameter().equals(id));
  }

  /**
   * For each axis of a prunable parameter and each index that is present along it, the place of its
   * channel in a list of all channels, group by group; -1 along axes without channels.
   */
  List<int[]> channelsAlong(int parameter) {
    ParameterId id = prunable.get(parameter);
    List<int[]> places = new ArrayList<>();
    for (int axis = 0; axis < layout.rank(id); axis++) {
      int[] none = new int[layout.surviving(id, axis).size()];
      Arrays.fill(none, -1);
      places.add(none);
    }
    int first = 0;
    for (Group group : groups.all()) {
      for (GroupMember member : group.members()) {
        for (int c = 0; member.parameter().equals(id) && c < group.channels(); c++) {
          int place = first + c;
          member.indices(c).forEach(index -> places.get(member.axis())[index] = place);
        }
      }
      first += group.channels();
    }
    return IntStream.range(0, places.size())
        .mapToObj(axis -> present(places.get(axis), layout.surviving(id, axis)))
        .toList();
  }

  private static int[] present(int[] all, Mask surviving) {
    return IntStream.range(0, all.length).filter(surviving::isKept).map(i -> all[i]).toArray();
  }

  /** For each weight the surviving inputs; all other axes whole. */
  private Map<ParameterId, List<Mask>> read(Layout left) {
    Map<ParameterId, List<Mask>> axes = new HashMap<>();
    for (ParameterId id : prunable) {
      int rank = layout.rank(id);
      axes.put(
          id,
          IntStream.range(0, rank)
              .mapToObj(axis -> (axis == 1 ? left : layout).surviving(id, axis))
              .toList());
    }
    return axes;
  }

  private Mask mask(ParameterId id, Layout seen) {
    int[] present = AxisSlices.originalIndices(layout, id);
    int[] kept = AxisSlices.originalIndices(seen, id);
    long[] words = new long[(present.length + 63) / 64];
    int next = 0;
    for (int i = 0; i < present.length && next < kept.length; i++) {
      if (present[i] == kept[next]) {
        words[i >> 6] |= 1L << i;
        next++;
      }
    }
    return Mask.ofWords(present.length, words);
  }
}
