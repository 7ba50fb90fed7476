package io.espalier.masks.regrowth;

import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import java.util.stream.IntStream;

/**
 * The place of a weight among the candidates of its sign, from the smallest magnitude on, as a
 * share of their number: the same share of either sign then has the smallest scores. 0 counts as
 * positive.
 */
final class SignedMagnitude implements Score {
  @Override
  public void score(ScoredParameter of, float[] scores) {
    float[] weights = of.weights();
    int[] kept = IntStream.range(0, weights.length).filter(of.candidates()::isKept).toArray();
    place(weights, IntStream.of(kept).filter(unit -> weights[unit] >= 0), scores);
    place(weights, IntStream.of(kept).filter(unit -> weights[unit] < 0), scores);
  }

  private static void place(float[] weights, IntStream units, float[] scores) {
    int[] ascending =
        units
            .boxed()
            .sorted((a, b) -> Float.compare(Math.abs(weights[a]), Math.abs(weights[b])))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int place = 0; place < ascending.length; place++) {
      scores[ascending[place]] = (place + 1f) / ascending.length;
    }
  }
}
