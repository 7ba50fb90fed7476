package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The cost of a network by channels left per group: the sum over parameters by the lengths of their
 * axes. Exact, since a channel's cost depends on the widths of other groups. Immutable.
 */
public final class Cost {
  private final Groups groups;
  private final Price price;
  private final long dense;

  @FunctionalInterface
  public interface Price {
    /**
     * Cost, 0 or more, of a parameter whose axes have these lengths; no less where one is longer,
     * and 0 where one is 0.
     */
    long of(ParameterId id, int[] lengths);
  }

  private Cost(Groups groups, Price price) {
    this.groups = groups;
    this.price = price;
    this.dense = widths().cost();
  }

  /**
   * A cost proportional to the values of the parameters that channels flow through; {@code price},
   * 0 or more per value, is 1 for values or a weight's uses per example for multiply-accumulates.
   */
  public static Cost of(Groups groups, ToLongFunction<ParameterId> price) {
    Map<ParameterId, Long> prices = new HashMap<>();
    groups.parameters().forEach(each -> prices.put(each.id(), price.applyAsLong(each.id())));
    return new Cost(
        groups, (id, lengths) -> product(Objects.requireNonNull(prices.get(id)), lengths));
  }

  /** A cost by the lengths of axes, such as a measured time. */
  public static Cost ofLengths(Groups groups, Price price) {
    return new Cost(groups, price);
  }

  private static long product(long price, int[] lengths) {
    long cost = price;
    for (int length : lengths) {
      cost = Math.multiplyExact(cost, length);
    }
    return cost;
  }

  public long dense() {
    return dense;
  }

  /** The largest cost within a share in [0, 1] of the whole network's. */
  public long within(double share) {
    return Math.min(dense, (long) Math.floor(share * dense * (1 + 1e-12) + 1e-9));
  }

  /** The cost of one channel of a group when all other channels are there. */
  public long ofChannel(Group group) {
    Widths widths = widths();
    widths.narrow(group, 1);
    return dense - widths.cost();
  }

  /** Cost for the given channels per group, each from 0 to all. */
  public long of(List<Integer> channels) {
    return widths(channels).cost();
  }

  public Widths widths() {
    return new Widths(groups, price);
  }

  /** Widths for the given channels per group, each from 0 to all. */
  public Widths widths(List<Integer> channels) {
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
    return widths;
  }

  /**
   * For each group what its readers cost with 0, 1, 2 … all of its channels, when each other group,
   * and the group itself along all other axes, has so many left as {@code channels} says. Each
   * parameter is counted where it {@link Groups#isReader reads}, so that a price in proportion to
   * values adds up, over groups at {@code channels}, to {@link #of} the same.
   */
  public List<long[]> ofReaders(List<Integer> channels) {
    Widths widths = widths(channels);
    List<long[]> costs = new ArrayList<>();
    for (Group group : groups.all()) {
      long[] each = new long[group.channels() + 1];
      for (GroupMember member : group.members()) {
        if (groups.isReader(member)) {
          int[] lengths = widths.lengths(member.parameter());
          addReader(member, lengths, channels.get(group.id()), each);
        }
      }
      costs.add(each);
    }
    return costs;
  }

  private void addReader(GroupMember member, int[] lengths, int present, long[] costs) {
    lengths[member.axis()] -= present * member.perChannel();
    long without = price.of(member.parameter(), lengths);
    for (int width = 0; width < costs.length; width++) {
      costs[width] += price.of(member.parameter(), lengths) - without;
      lengths[member.axis()] += member.perChannel();
    }
  }

  /**
   * Lengths of all axes while groups narrow, and their cost. A step takes time in the group's
   * members only. Not thread-safe.
   */
  public static final class Widths {
    private final Map<ParameterId, Sides> sides = new HashMap<>();
    private long cost;

    private static final class Sides {
      private final ParameterId id;
      private final int[] lengths;
      private final Cost.Price price;

      Sides(ParameterShape shape, Cost.Price price) {
        this.id = shape.id();
        this.lengths = shape.dimensions().stream().mapToInt(Integer::intValue).toArray();
        this.price = price;
      }

      long cost() {
        return price.of(id, lengths);
      }
    }

    Widths(Groups groups, Cost.Price price) {
      for (ParameterShape shape : groups.parameters()) {
        Sides each = new Sides(shape, price);
        sides.put(shape.id(), each);
        cost = Math.addExact(cost, each.cost());
      }
    }

    /** Removes channels from a group; adds them back where negative. */
    public void narrow(Group group, int channels) {
      for (GroupMember member : group.members()) {
        Sides each = Objects.requireNonNull(sides.get(member.parameter()));
        cost -= each.cost();
        each.lengths[member.axis()] -= channels * member.perChannel();
        cost += each.cost();
      }
    }

    int[] lengths(ParameterId id) {
      return Objects.requireNonNull(sides.get(id)).lengths.clone();
    }

    public long cost() {
      return cost;
    }
  }
}
