package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The pruned units that still take part at random, grouped by the update that pruned them.
 *
 * <p>A unit's temperature depends on the step alone, so it dies on every replica at once and
 * without a message. Immutable.
 */
public final class AnnealingState {
  private final Temperature temperature;
  private final List<AnnealingGroup> cohorts;

  private AnnealingState(Temperature temperature, List<AnnealingGroup> cohorts) {
    this.temperature = temperature;
    this.cohorts = List.copyOf(cohorts);
  }

  /** No unit anneals. */
  public static AnnealingState none(Temperature temperature) {
    return new AnnealingState(temperature, List.of());
  }

  /** The state that held the given cohorts, oldest first: what a checkpoint stores. */
  public static AnnealingState of(Temperature temperature, List<AnnealingGroup> cohorts) {
    return new AnnealingState(temperature, cohorts);
  }

  public Temperature temperature() {
    return temperature;
  }

  /** Cohorts, oldest first. */
  public List<AnnealingGroup> cohorts() {
    return cohorts;
  }

  /** The state after the update at sync {@code step} that led from one set to the next. */
  public AnnealingState add(MaskSet before, MaskSet after, long step) {
    List<Mask> units =
        IntStream.range(0, after.masks().size())
            .mapToObj(p -> before.masks().get(p).andNot(after.masks().get(p)))
            .toList();
    List<AnnealingGroup> next = new ArrayList<>(cohorts);
    if (units.stream().anyMatch(mask -> mask.kept() > 0)) {
      next.add(new AnnealingGroup(after.version(), step, units));
    }
    return new AnnealingState(temperature, next);
  }

  /** This state without the cohorts whose temperature is 0 at {@code step}. */
  public AnnealingState aliveAt(long step) {
    return new AnnealingState(
        temperature, cohorts.stream().filter(cohort -> temperatureOf(cohort, step) > 0).toList());
  }

  /** Pruned units of a parameter whose temperature is above 0 at {@code step}. */
  public Mask living(int parameterIndex, Mask kept, long step) {
    Mask living = Mask.noneKept(kept.size());
    for (AnnealingGroup cohort : aliveAt(step).cohorts) {
      living = living.or(cohort.units().get(parameterIndex));
    }
    return living;
  }

  /** Probability with which the units of a cohort take part in the step after {@code step} ones. */
  double temperatureOf(AnnealingGroup cohort, long step) {
    return temperature.at(step - cohort.step());
  }
}
