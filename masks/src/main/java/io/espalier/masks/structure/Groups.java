package io.espalier.masks.structure;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All groups of a network. Invariant: <em>every index of every axis that channels flow through is
 * in one channel of one group</em>. Axes that no channel flows through, such as those of a kernel,
 * are in none. Immutable.
 */
public final class Groups {
  private final List<ParameterShape> parameters;
  private final List<Group> groups;
  private final Map<ParameterId, Integer> lastAxes = new HashMap<>();

  Groups(List<ParameterShape> parameters, List<Group> groups) {
    this.parameters = List.copyOf(parameters);
    this.groups = List.copyOf(groups);
    groups.stream()
        .flatMap(group -> group.members().stream())
        .forEach(member -> lastAxes.merge(member.parameter(), member.axis(), Math::max));
  }

  /**
   * Layers that go together and whole.
   *
   * @param parameters all of theirs
   * @param obstacle why they must stay; empty if they may go
   */
  public record Unit(List<ParameterShape> parameters, Optional<PruningConstraint> obstacle) {
    public Unit {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * Groups of one channel each: a unit, which may vanish; and, last, what is in no unit and stays.
   * A unit is read by its weights, of which all inputs go with it.
   *
   * @param parameters of the whole network, in its order
   */
  public static Groups ofUnits(List<ParameterShape> parameters, List<Unit> units) {
    List<Group> groups = new ArrayList<>();
    List<ParameterShape> others = new ArrayList<>(parameters);
    for (Unit unit : units) {
      groups.add(new Group(groups.size(), 1, whole(unit.parameters()), unit.obstacle(), true));
      others.removeAll(unit.parameters());
    }
    if (!others.isEmpty()) {
      Optional<PruningConstraint> stays = Optional.of(PruningConstraint.NO_RESIDUAL);
      groups.add(new Group(groups.size(), 1, whole(others), stays));
    }
    return new Groups(parameters, groups);
  }

  private static List<GroupMember> whole(List<ParameterShape> parameters) {
    return parameters.stream()
        .map(
            shape -> {
              int axis = Math.min(1, shape.rank() - 1);
              int length = shape.dimensions().get(axis);
              return new GroupMember(
                  shape.id(), axis, length, IntStream.range(0, length).toArray());
            })
        .toList();
  }

  /** All groups; each one's place is its id. */
  public List<Group> all() {
    return groups;
  }

  /** Parameters that have members, in the order in which they were first indexed. */
  public List<ParameterShape> parameters() {
    return parameters;
  }

  public ParameterShape shape(ParameterId id) {
    return parameters.stream()
        .filter(shape -> shape.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "channels must flow through the parameter: parameter=" + id));
  }

  /**
   * Whether a member reads its channels: along the last axis that channels flow through, or axis 0
   * of a depth-wise convolution.
   */
  public boolean isReader(GroupMember member) {
    return member.axis() == Objects.requireNonNull(lastAxes.get(member.parameter()));
  }

  public List<Mask> allKept() {
    return groups.stream().map(group -> Mask.allKept(group.channels())).toList();
  }

  /**
   * The layout when only {@code kept} channels of the dense network stay: per group at least as
   * many as {@link Group#least}.
   */
  public Layout cut(Layout dense, List<Mask> kept) {
    requireKept(kept);
    Map<ParameterId, List<BitSet>> gone = gone(kept);
    Map<ParameterId, List<Mask>> surviving = new LinkedHashMap<>();
    for (ParameterShape shape : parameters) {
      List<BitSet> axes = Objects.requireNonNull(gone.get(shape.id()));
      surviving.put(
          shape.id(),
          IntStream.range(0, shape.rank())
              .mapToObj(
                  axis ->
                      Mask.of(shape.dimensions().get(axis), index -> !axes.get(axis).get(index)))
              .toList());
    }
    return dense.cut(surviving);
  }

  /** For each axis of each parameter the indices that go when {@code kept} channels stay. */
  public Map<ParameterId, List<BitSet>> gone(List<Mask> kept) {
    Map<ParameterId, List<BitSet>> gone = new LinkedHashMap<>();
    for (ParameterShape shape : parameters) {
      gone.put(shape.id(), shape.dimensions().stream().map(BitSet::new).toList());
    }
    for (Group group : groups) {
      Mask going = Mask.allKept(group.channels()).andNot(kept.get(group.id()));
      for (GroupMember member : group.members()) {
        BitSet indices = Objects.requireNonNull(gone.get(member.parameter())).get(member.axis());
        going.forEachKept(channel -> member.indices(channel).forEach(indices::set));
      }
    }
    return gone;
  }

  private void requireKept(List<Mask> kept) {
    if (kept.size() != groups.size()) {
      throw new IllegalArgumentException(
          "there must be one mask per group: groups=%d, masks=%d"
              .formatted(groups.size(), kept.size()));
    }
    for (Group group : groups) {
      Mask mask = kept.get(group.id());
      if (mask.size() != group.channels() || mask.kept() < group.least()) {
        throw new IllegalArgumentException(
            "a group must keep a channel unless it may vanish, and all of them where it has an obstacle: group=%s, mask=%s"
                .formatted(group, mask));
      }
    }
  }
}
