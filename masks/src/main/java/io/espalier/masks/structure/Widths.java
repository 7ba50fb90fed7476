package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * How long the axes of all parameters are while groups become narrower, and what that costs. One
 * step takes time in the group's members only.
 *
 * <p>Not thread-safe.
 */
public final class Widths {
  private final Map<ParameterId, Sides> sides = new HashMap<>();
  private long cost;

  private static final class Sides {
    private final int[] lengths;
    private final long price;

    Sides(ParameterShape shape, long price) {
      this.lengths = shape.dimensions().stream().mapToInt(Integer::intValue).toArray();
      this.price = price;
    }

    long cost() {
      long cost = price;
      for (int length : lengths) {
        cost = Math.multiplyExact(cost, length);
      }
      return cost;
    }
  }

  Widths(Groups groups, ToLongFunction<ParameterId> price) {
    for (ParameterShape shape : groups.parameters()) {
      Sides each = new Sides(shape, price.applyAsLong(shape.id()));
      sides.put(shape.id(), each);
      cost = Math.addExact(cost, each.cost());
    }
  }

  /** Takes so many channels from a group. */
  public void narrow(Group group, int channels) {
    for (Member member : group.members()) {
      Sides each = Objects.requireNonNull(sides.get(member.parameter()));
      cost -= each.cost();
      each.lengths[member.axis()] -= channels * member.perChannel();
      cost += each.cost();
    }
  }

  /** Cost of what is left. */
  public long cost() {
    return cost;
  }
}
