package io.espalier.masks.update;

import io.espalier.configs.PruneConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocation;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.allocation.Budget;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.selection.Selection;
import io.espalier.masks.selection.Selections;
import io.espalier.masks.unit.Units;
import java.util.List;
import java.util.stream.IntStream;

/** How a ranking of units becomes kept weights: allocation, then selection. */
record RankedUnits(
    List<ParameterShape> parameters,
    Units units,
    Allocation allocation,
    Selection selection,
    List<Integer> floors) {
  static RankedUnits of(PruneConfig config, List<ParameterShape> parameters, Units units) {
    return new RankedUnits(
        parameters,
        units,
        Allocations.of(config.allocation()),
        units.selection().orElseGet(() -> Selections.of(config.selection())),
        units.floors(config.minKeep()));
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
