package io.espalier.masks.selection;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Groups;
import java.util.List;
import java.util.function.Supplier;

/** Checks what a user's selection keeps. */
public record SelectionChecks(PluginGuard guard, Selection selection) implements Selection {
  /** Returns a selection of a user's that is checked; errors name the plug-in that brings it. */
  public static Selection around(PluginGuard guard, Selection selection) {
    return guard.around(Selection.class, selection, new SelectionChecks(guard, selection));
  }

  @Override
  public Selection in(Supplier<Groups> groups) {
    return around(guard, selection.in(groups));
  }

  @Override
  public List<Mask> keep(Ranking ranking, List<ParameterShape> parameters, List<Integer> counts) {
    List<Mask> kept = List.copyOf(selection.keep(ranking, parameters, List.copyOf(counts)));
    List<Mask> candidates = ranking.candidates();
    long planned = counts.stream().mapToLong(Integer::longValue).sum();
    if (kept.size() != candidates.size() || kept.stream().mapToLong(Mask::kept).sum() != planned) {
      throw guard.broken(
          "keep exactly what the allocation gives, in a mask for each parameter: counts=%s, kept=%s"
              .formatted(counts, kept.stream().map(Mask::kept).toList()));
    }
    for (int p = 0; p < kept.size(); p++) {
      if (kept.get(p).size() != candidates.get(p).size()
          || kept.get(p).countAnd(candidates.get(p)) != kept.get(p).kept()) {
        throw guard.broken(
            "keep candidates only: parameter=%s, units=%d, candidates=%s, kept=%s"
                .formatted(
                    parameters.get(p).id().name(),
                    candidates.get(p).size(),
                    candidates.get(p).kept(),
                    kept.get(p).kept()));
      }
    }
    return kept;
  }
}
