package io.espalier.masks.update;

import io.espalier.configs.PruneConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocation;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.allocation.Budget;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.selection.Selection;
import io.espalier.masks.selection.Selections;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.unit.Units;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** How a ranking of units becomes kept weights: allocation, then selection. */
record RankedUnits(
    List<ParameterShape> parameters,
    Units units,
    Allocation allocation,
    Selection selection,
    List<Integer> floors) {
  /**
   * @param groups of the network's channels, made only for selections that look at them
   */
  static RankedUnits of(
      PruneConfig config, List<ParameterShape> parameters, Units units, Supplier<Groups> groups) {
    Allocation allocation =
        Allocations.of(config.ranking().allocation()).endingAt(config.target().sparsity());
    return new RankedUnits(
        parameters,
        units,
        allocation,
        units.selection().orElseGet(() -> Selections.of(config.ranking().selection()).in(groups)),
        units.floors(allocation, parameters, config.target().minKeep()));
  }

  /** Returns a copy for one update, whose allocation may read weights and statistics. */
  RankedUnits at(List<ScoredParameter> scored) {
    return new RankedUnits(parameters, units, allocation.at(scored), selection, floors);
  }

  /** Refuses a last update that the allocation cannot share out. */
  void requirePossible(double sparsity, Statistics ofNetwork) {
    allocation.requirePossible(
        new Budget(
            parameters, units.counts(), sparsity, units.kept(sparsity), floors, units.counts()),
        ofNetwork);
  }

  /** The kept weights of each parameter where {@code kept} units of {@code ranking} stay. */
  List<Mask> keep(Ranking ranking, double sparsity, long kept) {
    List<Integer> caps = ranking.candidates().stream().map(Mask::kept).toList();
    Budget budget = new Budget(parameters, units.counts(), sparsity, kept, floors, caps);
    List<Mask> chosen = selection.keep(ranking, parameters, allocation.counts(budget, ranking));
    return IntStream.range(0, parameters.size())
        .mapToObj(p -> units.lower(p, chosen.get(p)))
        .toList();
  }
}
