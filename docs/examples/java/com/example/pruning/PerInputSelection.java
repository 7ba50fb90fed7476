package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.selection.Selection;
import io.espalier.masks.selection.SelectionProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** As many weights of each input of a parameter, the best of it first. */
public final class PerInputSelection implements SelectionProvider {
  @Override
  public String name() {
    return "per-input";
  }

  @Override
  public Selection create(MemberSettings settings) {
    return (ranking, parameters, counts) -> {
      List<Mask> masks = new ArrayList<>();
      for (int p = 0; p < counts.size(); p++) {
        masks.add(keep(ranking, p, parameters.get(p), counts.get(p)));
      }
      return masks;
    };
  }

  private static Mask keep(Ranking ranking, int p, ParameterShape shape, int count) {
    float[] scores = ranking.scores(p);
    int inputs = shape.size() / shape.dimensions().get(0);
    List<Integer> weights = new ArrayList<>();
    ranking.candidates().get(p).forEachKept(weights::add);
    weights.sort(Comparator.comparingDouble(weight -> -scores[weight]));
    int[] places = new int[scores.length];
    int[] taken = new int[inputs];
    weights.forEach(weight -> places[weight] = taken[weight % inputs]++);
    weights.sort(Comparator.comparingInt(weight -> places[weight]));
    Set<Integer> kept = new HashSet<>(weights.subList(0, count));
    return Mask.of(scores.length, kept::contains);
  }
}
