package io.espalier.masks.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerSharesTest {
  /** Sizes around the one from which on units are ordered by radix; few values make many ties. */
  @ParameterizedTest
  @CsvSource({"1, 1", "500, 1000000", "5000, 7", "20000, 1000000", "20000, 1", "70000, 40"})
  void of_anyScores_isTheShareInThoseThatAreNotSmaller(int size, int values) {
    float[] scores = scores(size, values);
    Mask candidates = Networks.randomMask(size, .7, 5);
    float[] shares = new float[size];

    LayerShares.of(scores, candidates, shares);

    assertThat(shares).isEqualTo(bySorting(scores, candidates));
  }

  @ParameterizedTest
  @CsvSource({"3000, 50", "3000, 1000000"})
  void of_sharesInThePlaceOfScores_areTheSame(int size, int values) {
    float[] scores = scores(size, values);
    Mask candidates = Mask.allKept(size);
    float[] expected = bySorting(scores, candidates);

    LayerShares.of(scores, candidates, scores);

    assertThat(scores).containsExactly(expected, within(0f));
  }

  private static float[] scores(int size, int values) {
    Random random = new Random(size);
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      scores[i] = (random.nextInt(values) - values / 8) * 1e-4f;
    }
    return scores;
  }

  private static float[] bySorting(float[] scores, Mask candidates) {
    List<Integer> descending =
        IntStream.range(0, scores.length)
            .filter(candidates::isKept)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(unit -> -Math.max(0, scores[unit]))
                    .thenComparing(Comparator.reverseOrder()))
            .toList();
    float[] shares = new float[scores.length];
    double above = 0;
    for (int unit : descending) {
      double square = Math.max(0, (double) scores[unit]) * Math.max(0, (double) scores[unit]);
      above += square;
      shares[unit] = above > 0 ? (float) (square / above) : 0;
    }
    return shares;
  }
}
