package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.annealing.UnitDraw.Cohort;
import io.espalier.masks.unit.Units;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Annealing weights, grouped by the update that pruned them. */
public final class AnnealingState implements Annealing {
  private final Temperature temperature;
  private final Optional<Units> together;
  private final List<AnnealingGroup> groups;

  private AnnealingState(
      Temperature temperature, Optional<Units> together, List<AnnealingGroup> groups) {
    this.temperature = temperature;
    this.together = together;
    this.groups = List.copyOf(groups);
  }

  /** No weights; those that will be pruned take part one by one. */
  public static AnnealingState none(Temperature temperature) {
    return new AnnealingState(temperature, Optional.empty(), List.of());
  }

  /** Returns a copy in which the weights of a unit take part together. */
  public AnnealingState by(Units units) {
    return new AnnealingState(
        temperature, Optional.of(units).filter(each -> !each.areWeights()), groups);
  }

  /** The state that a checkpoint stores: the given groups, oldest first. */
  public AnnealingState with(List<AnnealingGroup> stored) {
    return new AnnealingState(temperature, together, stored);
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
    return with(next);
  }

  @Override
  public boolean isOver() {
    return groups.isEmpty();
  }

  @Override
  public boolean reaches(int parameter) {
    return groups.stream().anyMatch(group -> group.units().get(parameter).kept() > 0);
  }

  @Override
  public AnnealingState aliveAt(long step) {
    List<AnnealingGroup> alive =
        groups.stream().filter(group -> temperature.at(step - group.step()) > 0).toList();
    return alive.size() == groups.size() ? this : with(alive);
  }

  @Override
  public List<Mask> living(List<Mask> kept, long step) {
    List<AnnealingGroup> alive = aliveAt(step).groups;
    List<Mask> living = new ArrayList<>();
    for (int p = 0; p < kept.size(); p++) {
      Mask each = kept.get(p);
      for (AnnealingGroup group : alive) {
        each = each.or(group.units().get(p));
      }
      living.add(each);
    }
    return living;
  }

  @Override
  public MaskDraw draw(int parameter, Mask kept) {
    return together
        .<MaskDraw>map(units -> drawUnits(units, parameter, kept))
        .orElseGet(
            () -> new UnitDraw(parameter, kept, cohorts(parameter, mask -> mask), temperature));
  }

  private MaskDraw drawUnits(Units units, int parameter, Mask kept) {
    Mask keptUnits = units.lift(parameter, kept);
    List<Cohort> cohorts = cohorts(parameter, mask -> units.lift(parameter, mask));
    UnitDraw draw = new UnitDraw(parameter, keptUnits, cohorts, temperature);
    int[] drawn = new int[keptUnits.size()];
    return (step, seed, trainer, mask) -> {
      draw.draw(step, seed, trainer, IntBuffer.wrap(drawn));
      for (int weight = 0; weight < kept.size(); weight++) {
        mask.put(weight, drawn[units.unitOf(parameter, weight)]);
      }
    };
  }

  private List<Cohort> cohorts(int parameter, UnaryOperator<Mask> lift) {
    return groups.stream()
        .map(group -> new Cohort(group.step(), lift.apply(group.units().get(parameter))))
        .toList();
  }

  /**
   * The weights that one update pruned, per prunable parameter in order; {@code step} is that
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
