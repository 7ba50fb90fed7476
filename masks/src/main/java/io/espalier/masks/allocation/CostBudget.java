package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Groups of channels whose cost is limited, and how narrow they may become. Immutable.
 *
 * <p>A group's shape in a {@link Budget} is that of the largest weight that gives its channels.
 */
public final class CostBudget {
  private final Groups groups;
  private final Cost cost;
  private final long limit;
  private final WidthLimits limits;
  private final List<Integer> present;
  private final List<ParameterShape> shapes;

  /**
   * A limit on the cost of what is kept.
   *
   * @param present how many channels each group has before the choice
   */
  public CostBudget(
      Groups groups, Cost cost, long limit, WidthLimits limits, List<Integer> present) {
    this.groups = groups;
    this.cost = cost;
    this.limit = limit;
    this.limits = limits;
    this.present = List.copyOf(present);
    this.shapes = groups.all().stream().map(this::shape).toList();
  }

  /** Groups in order, one for each pool of the ranking. */
  public List<Group> groups() {
    return groups.all();
  }

  public Cost cost() {
    return cost;
  }

  public long limit() {
    return limit;
  }

  public WidthLimits limits() {
    return limits;
  }

  List<Integer> present() {
    return present;
  }

  /** Channels that a group has left when {@code ranked} of its candidates are among the best. */
  public int width(Ranking ranking, Group group, int ranked) {
    int most = ranking.candidates().get(group.id()).kept();
    return Math.min(most, limits.width(group, Math.min(ranked, most)));
  }

  /**
   * Refuses a limit that is below a cost which no choice can undercut.
   *
   * @throws IllegalArgumentException if it is
   */
  void requireWithin(long least) {
    if (least > limit) {
      throw new IllegalArgumentException(
          "a budget must be no less than what the limits leave: budget=%d, least=%d, limits=%s"
              .formatted(limit, least, limits));
    }
  }

  /** Whether these are candidates, as wide as groups may be, and cost no more than the limit. */
  boolean allows(Ranking ranking, List<Mask> kept) {
    if (kept.size() != groups().size()) {
      return false;
    }
    for (Group group : groups()) {
      Mask mask = kept.get(group.id());
      Mask candidates = ranking.candidates().get(group.id());
      if (mask.size() != candidates.size()
          || mask.countAnd(candidates) != mask.kept()
          || mask.kept() < width(ranking, group, 0)) {
        return false;
      }
    }
    return cost.of(kept.stream().map(Mask::kept).toList()) <= limit;
  }

  /**
   * Widths of the groups by the largest number of channels whose shares an allocation gives within
   * the limit, found by bisection: its cost must not fall as it grows. Shares are rounded down to
   * widths that are allowed.
   */
  List<Integer> most(Allocation allocation, Ranking ranking) {
    List<Integer> floors = groups().stream().map(g -> width(ranking, g, 0)).toList();
    List<Integer> caps = ranking.candidates().stream().map(Mask::kept).toList();
    requireWithin(cost.of(widths(ranking, floors)));
    long low = sum(floors);
    long high = sum(caps);
    List<Integer> best = widths(ranking, floors);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      List<Integer> widths =
          widths(ranking, shared(allocation, ranking, budget(middle, floors, caps)));
      if (cost.of(widths) <= limit) {
        best = widths;
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return best;
  }

  private static List<Integer> shared(Allocation allocation, Ranking ranking, Budget budget) {
    List<Integer> counts = allocation.counts(budget, ranking);
    budget
        .brokenBy(counts)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException("an allocation must " + rule);
            });
    return counts;
  }

  private Budget budget(long kept, List<Integer> floors, List<Integer> caps) {
    List<Integer> units = groups().stream().map(Group::channels).toList();
    return new Budget(shapes, units, 1 - (double) kept / sum(units), kept, floors, caps);
  }

  private List<Integer> widths(Ranking ranking, List<Integer> ranked) {
    return IntStream.range(0, ranked.size())
        .mapToObj(g -> width(ranking, groups().get(g), ranked.get(g)))
        .toList();
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }

  private ParameterShape shape(Group group) {
    return group.members().stream()
        .filter(member -> member.axis() == 0 && !groups.isReader(member))
        .map(member -> groups.shape(member.parameter()))
        .max(Comparator.comparingInt(ParameterShape::size))
        .orElseGet(
            () ->
                new ParameterShape(
                    new ParameterId("group" + group.id()), List.of(group.channels(), 1)));
  }
}
