package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The N best of every M consecutive weights of an output stay in any case, and so does what is left
 * at the end of a row; the rest of the budget goes to the best others of all parameters. The
 * allocation has no say.
 */
public record PatternSelection(int n, int m) implements Selection {
  @Override
  public List<Mask> keep(Ranking ranking, List<ParameterShape> parameters, List<Integer> counts) {
    List<Mask> bound = new ArrayList<>();
    List<Mask> others = new ArrayList<>();
    long left = counts.stream().mapToLong(Integer::longValue).sum();
    for (int p = 0; p < parameters.size(); p++) {
      Mask candidates = ranking.candidates().get(p);
      bound.add(bound(ranking.scores(p), candidates, parameters.get(p).dimensions().get(0)));
      others.add(candidates.andNot(bound.get(p)));
      left -= bound.get(p).kept();
    }
    if (left == 0) {
      return bound;
    }
    Ranking rest = ranking.among(others);
    List<Mask> more = rest.top(rest.topCounts(left, Collections.nCopies(parameters.size(), 0)));
    List<Mask> kept = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      kept.add(bound.get(p).or(more.get(p)));
    }
    return kept;
  }

  private Mask bound(float[] scores, Mask candidates, int rows) {
    long[] words = new long[candidates.wordCount()];
    BestOfRange best = new BestOfRange(scores, candidates, words);
    int length = scores.length / rows;
    for (int row = 0; row < rows; row++) {
      int from = row * length;
      int end = from + length / m * m;
      for (int group = from; group < end; group += m) {
        best.keep(group, group + m, n);
      }
      best.keep(end, from + length, length % m);
    }
    return Mask.ofWords(candidates.size(), words);
  }
}
