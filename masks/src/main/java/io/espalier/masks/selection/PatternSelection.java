package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The N best of every M consecutive weights along an axis stay in any case, and so does what is
 * left at its end; the rest of the budget goes to the best others of all parameters. The allocation
 * has no say.
 */
public record PatternSelection(int n, int m, Axis axis) implements Selection {
  /** The index that the M weights of a group share; a row is {@code [inputs · kH · kW]}. */
  public enum Axis {
    /** Their output: they are neighbours in its row. */
    INPUTS,
    /** Their place in the row: they are of neighbouring outputs. */
    OUTPUTS
  }

  /** Weights of a parameter that stay in any case. */
  public int bound(ParameterShape shape) {
    int rows = shape.dimensions().get(0);
    int columns = shape.size() / rows;
    return axis == Axis.INPUTS ? rows * bound(columns) : columns * bound(rows);
  }

  private int bound(int length) {
    return length / m * n + length % m;
  }

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
    int columns = scores.length / rows;
    for (int line = 0; line < (axis == Axis.INPUTS ? rows : columns); line++) {
      if (axis == Axis.INPUTS) {
        bind(best, line * columns, columns, 1);
      } else {
        bind(best, line, rows, columns);
      }
    }
    return Mask.ofWords(candidates.size(), words);
  }

  /** Binds units of one line, {@code stride} apart. */
  private void bind(BestOfRange best, int from, int length, int stride) {
    int whole = length / m * m;
    best.keepOfEach(from, length / m, m, stride, n);
    best.keep(from + whole * stride, length - whole, stride, length - whole);
  }
}
