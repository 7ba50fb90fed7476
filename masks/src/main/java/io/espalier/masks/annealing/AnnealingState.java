package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The pruned units that still take part at random, grouped by the update that pruned them. A unit's
 * temperature depends on the step alone, so it dies on every replica at once and without a message.
 * Immutable.
 */
public final class AnnealingState {
  private final Temperature temperature;
  private final List<AnnealingGroup> groups;

  private AnnealingState(Temperature temperature, List<AnnealingGroup> groups) {
    this.temperature = temperature;
    this.groups = List.copyOf(groups);
  }

  public static AnnealingState none(Temperature temperature) {
    return new AnnealingState(temperature, List.of());
  }

  /** The state that a checkpoint stores: the given groups, oldest first. */
  public static AnnealingState of(Temperature temperature, List<AnnealingGroup> groups) {
    return new AnnealingState(temperature, groups);
  }

  public Temperature temperature() {
    return temperature;
  }

  public List<AnnealingGroup> groups() {
    return groups;
  }

  /** The state after the update at sync {@code step} that led from one set to the next. */
  public AnnealingState add(MaskSet before, MaskSet after, long step) {
    List<Mask> units =
        IntStream.range(0, after.masks().size())
            .mapToObj(p -> before.masks().get(p).andNot(after.masks().get(p)))
            .toList();
    List<AnnealingGroup> next = new ArrayList<>(groups);
    if (units.stream().anyMatch(mask -> mask.kept() > 0)) {
      next.add(new AnnealingGroup(after.version(), step, units));
    }
    return new AnnealingState(temperature, next);
  }

  /** This state without the groups whose temperature is 0 at {@code step}. */
  public AnnealingState aliveAt(long step) {
    return new AnnealingState(
        temperature, groups.stream().filter(group -> temperatureOf(group, step) > 0).toList());
  }

  public Mask living(int parameterIndex, Mask kept, long step) {
    Mask living = Mask.noneKept(kept.size());
    for (AnnealingGroup group : aliveAt(step).groups) {
      living = living.or(group.units().get(parameterIndex));
    }
    return living;
  }

  /** Probability with which the units of a group take part in the step after {@code step} ones. */
  double temperatureOf(AnnealingGroup group, long step) {
    return temperature.at(step - group.step());
  }

  /**
   * The units that one update pruned, per prunable parameter in order; {@code step} is that
   * update's sync.
   */
  public record AnnealingGroup(MaskVersion version, long step, List<Mask> units) {
    public AnnealingGroup {
      units = List.copyOf(units);
      if (step < 0) {
        throw new IllegalArgumentException("a group's step must be 0 or more: step=" + step);
      }
    }
  }
}
