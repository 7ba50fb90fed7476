package io.espalier.masks.structure;

import io.espalier.masks.structure.DependencyGraph.IndexedAxis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Sorts united channels into groups of those that are alike; each is used once. */
final class Grouping {
  private final List<IndexedAxis> axes;
  private final List<Integer> blocks;
  private final int[] channelOfAtom;
  private final List<Optional<PruningConstraint>> obstacles = new ArrayList<>();
  private final List<List<Integer>> signatures = new ArrayList<>();
  private final List<Draft> inOrder = new ArrayList<>();
  private final Draft[] draftOf;
  private final int[] placeOf;

  /** The key of a group: axes by number, each followed by its indices per channel. */
  private record Likeness(List<Integer> signature, Optional<PruningConstraint> obstacle) {}

  private static final class Draft {
    private final Likeness likeness;
    private final List<GroupMember> members = new ArrayList<>();
    private int channels;
    private boolean holdsBlock;

    Draft(Likeness likeness) {
      this.likeness = likeness;
    }

    Group group(int id) {
      Optional<PruningConstraint> obstacle =
          likeness
              .obstacle()
              .or(() -> channels == 1 ? Optional.of(reasonOfOne()) : Optional.empty());
      return new Group(id, channels, members, obstacle);
    }

    private PruningConstraint reasonOfOne() {
      return holdsBlock ? PruningConstraint.NORMALISED_TOGETHER : PruningConstraint.ONLY_CHANNEL;
    }
  }

  Grouping(
      DisjointSets atoms,
      Map<Integer, PruningConstraint> forbidden,
      List<Integer> blocks,
      List<IndexedAxis> axes) {
    this.axes = axes;
    this.blocks = blocks;
    this.channelOfAtom = numbered(atoms);
    this.draftOf = new Draft[signatures.size()];
    this.placeOf = new int[signatures.size()];
    forbidden.forEach(
        (atom, obstacle) -> {
          int channel = channelOfAtom[atom];
          obstacles.set(channel, obstacles.get(channel).or(() -> Optional.of(obstacle)));
        });
  }

  List<Group> groups() {
    sign();
    sort();
    for (IndexedAxis axis : axes) {
      fill(axis);
    }
    List<Group> groups = new ArrayList<>();
    for (Draft draft : inOrder) {
      groups.add(draft.group(groups.size()));
    }
    return groups;
  }

  private int[] numbered(DisjointSets atoms) {
    int[] channels = new int[atoms.count()];
    int[] numberOf = new int[atoms.count()];
    Arrays.fill(numberOf, -1);
    for (int atom = 0; atom < channels.length; atom++) {
      int root = atoms.find(atom);
      if (numberOf[root] < 0) {
        numberOf[root] = signatures.size();
        signatures.add(new ArrayList<>());
        obstacles.add(Optional.empty());
      }
      channels[atom] = numberOf[root];
    }
    return channels;
  }

  private int channelAt(IndexedAxis axis, int index) {
    return channelOfAtom[axis.port().atom(index)];
  }

  private void sign() {
    int[] lastAxis = new int[signatures.size()];
    Arrays.fill(lastAxis, -1);
    for (int a = 0; a < axes.size(); a++) {
      for (int index = 0; index < axes.get(a).port().size(); index++) {
        int channel = channelAt(axes.get(a), index);
        List<Integer> signature = signatures.get(channel);
        if (lastAxis[channel] == a) {
          int last = signature.size() - 1;
          signature.set(last, signature.get(last) + 1);
        } else {
          lastAxis[channel] = a;
          signature.add(a);
          signature.add(1);
        }
      }
    }
  }

  private void sort() {
    Map<Likeness, Draft> drafts = new LinkedHashMap<>();
    for (int channel = 0; channel < draftOf.length; channel++) {
      Likeness likeness = new Likeness(signatures.get(channel), obstacles.get(channel));
      Draft draft = drafts.computeIfAbsent(likeness, Draft::new);
      draftOf[channel] = draft;
      placeOf[channel] = draft.channels++;
    }
    inOrder.addAll(drafts.values());
    blocks.forEach(atom -> draftOf[channelOfAtom[atom]].holdsBlock = true);
  }

  private void fill(IndexedAxis axis) {
    int size = axis.port().size();
    Map<Draft, Integer> counts = new LinkedHashMap<>();
    for (int index = 0; index < size; index++) {
      counts.merge(draftOf[channelAt(axis, index)], 1, Integer::sum);
    }
    Map<Draft, int[]> indices = new LinkedHashMap<>();
    counts.forEach((draft, count) -> indices.put(draft, new int[count]));
    Map<Integer, Integer> seen = new HashMap<>();
    for (int index = 0; index < size; index++) {
      int channel = channelAt(axis, index);
      Draft draft = draftOf[channel];
      int[] filled = Objects.requireNonNull(indices.get(draft));
      int nth = Objects.requireNonNull(seen.merge(channel, 1, Integer::sum)) - 1;
      filled[placeOf[channel] * (filled.length / draft.channels) + nth] = index;
    }
    indices.forEach(
        (draft, filled) ->
            draft.members.add(
                new GroupMember(
                    axis.parameter(), axis.axis(), filled.length / draft.channels, filled)));
  }
}
