package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

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

  /** Takes so many channels from a group; gives some back where the number is negative. */
  public void narrow(Group group, int channels) {
    for (GroupMember member : group.members()) {
      Sides each = Objects.requireNonNull(sides.get(member.parameter()));
      cost -= each.cost();
      each.lengths[member.axis()] -= channels * member.perChannel();
      cost += each.cost();
    }
  }

  /** Present lengths of a parameter's axes, as a copy. */
  int[] lengths(ParameterId id) {
    return Objects.requireNonNull(sides.get(id)).lengths.clone();
  }

  /** Cost of what is left. */
  public long cost() {
    return cost;
  }
}
