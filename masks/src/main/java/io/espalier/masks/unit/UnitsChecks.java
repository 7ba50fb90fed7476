package io.espalier.masks.unit;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Selection;
import io.espalier.masks.selection.SelectionChecks;
import java.util.List;
import java.util.Optional;

/**
 * Checks units of a user's; errors name them. It calls them itself, as {@link #unitOf} is of each
 * weight.
 */
record UnitsChecks(PluginGuard guard, Units units, List<Integer> counts, List<Integer> sizes)
    implements Units {
  static Units around(PluginGuard guard, Units units, List<ParameterShape> prunable) {
    List<Integer> sizes = prunable.stream().map(ParameterShape::size).toList();
    return guard.prepare(
        "count themselves",
        () -> {
          List<Integer> counts = List.copyOf(units.counts());
          for (int p = 0; p < sizes.size(); p++) {
            if (counts.size() != sizes.size()
                || counts.get(p) < 1
                || counts.get(p) > sizes.get(p)) {
              throw guard.broken(
                  "be from 1 to the weights of each parameter: weights=%s, units=%s"
                      .formatted(sizes, counts));
            }
          }
          return new UnitsChecks(guard, units, counts, sizes);
        });
  }

  @Override
  public float[] lift(int parameter, float[] scores) {
    float[] lifted = guard.run("score units", () -> units.lift(parameter, scores));
    requireSize("a score per unit", lifted.length, counts.get(parameter));
    return lifted;
  }

  @Override
  public Mask lift(int parameter, Mask weights) {
    Mask lifted = guard.run("find units of weights", () -> units.lift(parameter, weights));
    requireSize("a mask of units", lifted.size(), counts.get(parameter));
    return lifted;
  }

  @Override
  public Mask lower(int parameter, Mask kept) {
    Mask lowered = guard.run("find weights of units", () -> units.lower(parameter, kept));
    requireSize("a mask of weights", lowered.size(), sizes.get(parameter));
    return lowered;
  }

  @Override
  public int unitOf(int parameter, int weight) {
    int unit = guard.run("find a weight's unit", () -> units.unitOf(parameter, weight));
    if (unit < 0 || unit >= counts.get(parameter)) {
      throw guard.broken(
          "number units from 0 without a gap: units=%d, unit=%d"
              .formatted(counts.get(parameter), unit));
    }
    return unit;
  }

  @Override
  public boolean areWeights() {
    return guard.prepare("say what they are", units::areWeights);
  }

  @Override
  public Optional<Selection> selection() {
    return guard
        .prepare("name their selection", units::selection)
        .map(own -> SelectionChecks.around(guard, own));
  }

  @Override
  public long kept(double sparsity) {
    return guard.run("count what stays", () -> units.kept(sparsity));
  }

  @Override
  public List<Integer> floors(double minKeep) {
    return guard.prepare("say what always stays", () -> List.copyOf(units.floors(minKeep)));
  }

  private void requireSize(String what, int size, int expected) {
    if (size != expected) {
      throw guard.broken("give %s: expected=%d, given=%d".formatted(what, expected, size));
    }
  }
}
