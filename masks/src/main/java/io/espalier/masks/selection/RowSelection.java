package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.List;

/**
 * As many weights of each output of a parameter, but for one more in the first rows where the count
 * does not divide (as Wanda compares, Sun et al., 2024). A row is {@code [inputs · kH · kW]}. Rows
 * with fewer candidates keep all of them, and the next ones make up for it.
 */
final class RowSelection implements SelectionProvider {
  @Override
  public String name() {
    return "per-row";
  }

  @Override
  public Selection create(MemberSettings settings) {
    return RowSelection::keep;
  }

  private static List<Mask> keep(
      Ranking ranking, List<ParameterShape> parameters, List<Integer> counts) {
    List<Mask> masks = new ArrayList<>();
    for (int p = 0; p < counts.size(); p++) {
      masks.add(
          rows(
              ranking.scores(p),
              ranking.candidates().get(p),
              parameters.get(p).dimensions().get(0),
              counts.get(p)));
    }
    return masks;
  }

  private static Mask rows(float[] scores, Mask candidates, int rows, int count) {
    long[] words = new long[candidates.wordCount()];
    BestOfRange best = new BestOfRange(scores, candidates, words);
    int length = scores.length / rows;
    int[] shares = shares(candidates, rows, length, count);
    for (int row = 0; row < rows; row++) {
      best.keep(row * length, (row + 1) * length, shares[row]);
    }
    return Mask.ofWords(candidates.size(), words);
  }

  /** Weights of each row: as equal as the candidates allow. */
  private static int[] shares(Mask candidates, int rows, int length, int count) {
    int[] room = new int[rows];
    candidates.forEachKept(unit -> room[unit / length]++);
    int[] shares = new int[rows];
    int left = count;
    while (left > 0) {
      int open = 0;
      for (int row = 0; row < rows; row++) {
        open += shares[row] < room[row] ? 1 : 0;
      }
      int each = Math.max(1, left / open);
      for (int row = 0; row < rows && left > 0; row++) {
        int more = Math.min(Math.min(each, left), room[row] - shares[row]);
        shares[row] += more;
        left -= more;
      }
    }
    return shares;
  }
}
