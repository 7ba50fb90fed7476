package io.espalier.masks.structure;

import java.util.List;
import java.util.Optional;

/**
 * Interchangeable channels: each has as many indices of the same axes of the same parameters, so
 * all cost the same. A channel is kept or pruned as a whole.
 *
 * @param id its place among the network's groups, from 0
 * @param channels 1 or more
 * @param members in the order of parameters, then axes; empty where channels meet no parameter
 * @param obstacle why no channel may go; empty if all but one may
 * @param mayVanish whether the last channel may go too, and with it all of its parameters
 */
public record Group(
    int id,
    int channels,
    List<GroupMember> members,
    Optional<PruningConstraint> obstacle,
    boolean mayVanish) {
  public Group {
    members = List.copyOf(members);
    int expected = channels;
    if (channels < 1
        || members.stream().anyMatch(each -> each.count() != expected * each.perChannel())) {
      throw new IllegalArgumentException(
          "a group must have a channel, and its members indices for each: channels=%d, members=%s"
              .formatted(channels, members));
    }
  }

  /** A group that keeps a channel. */
  public Group(
      int id, int channels, List<GroupMember> members, Optional<PruningConstraint> obstacle) {
    this(id, channels, members, obstacle, false);
  }

  public boolean isPrunable() {
    return obstacle.isEmpty();
  }

  /**
   * Fewest channels that it keeps: all where there is an obstacle, else one unless it may vanish.
   */
  public int least() {
    return isPrunable() ? (mayVanish ? 0 : 1) : channels;
  }
}
