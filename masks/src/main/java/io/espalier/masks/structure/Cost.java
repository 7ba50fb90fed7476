package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * What a network costs when each group has only so many channels left: the sum over parameters of
 * their values times a price per value. Exact, since a channel's cost depends on how many channels
 * other groups have left.
 *
 * <p>Immutable.
 */
public final class Cost {
  private final Groups groups;
  private final Map<ParameterId, Long> prices = new HashMap<>();

  private Cost(Groups groups, ToLongFunction<ParameterId> price) {
    this.groups = groups;
    groups.parameters().forEach(each -> prices.put(each.id(), price.applyAsLong(each.id())));
  }

  /**
   * A cost over the parameters that channels flow through.
   *
   * @param price of each value of a parameter, 0 or more: 1 to count values, a weight's uses per
   *     example to count multiply-accumulates
   */
  public static Cost of(Groups groups, ToLongFunction<ParameterId> price) {
    return new Cost(groups, price);
  }

  /** Cost of the whole network. */
  public long dense() {
    return widths().cost();
  }

  /** What goes with one channel of a group when all other channels are there. */
  public long ofChannel(Group group) {
    Widths widths = widths();
    widths.narrow(group, 1);
    return dense() - widths.cost();
  }

  /** Cost when each group has so many channels left, from 0 to all. */
  public long of(List<Integer> channels) {
    Widths widths = widths();
    for (Group group : groups.all()) {
      int left = channels.get(group.id());
      if (left < 0 || left > group.channels()) {
        throw new IllegalArgumentException(
            "what is left of a group must be from 0 to its channels: group=%s, left=%d"
                .formatted(group, left));
      }
      widths.narrow(group, group.channels() - left);
    }
    return widths.cost();
  }

  /** The whole network's widths, to be narrowed step by step. */
  public Widths widths() {
    return new Widths(groups, id -> Objects.requireNonNull(prices.get(id)));
  }
}
