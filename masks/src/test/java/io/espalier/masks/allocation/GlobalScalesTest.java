package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.selection.Ranking;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores of parameters on one scale before they are ranked together. */
class GlobalScalesTest {
  private static final List<ParameterShape> TWO = Networks.ofSizes(4, 4);

  /** Scores 1 … 4 and 10, 10, 10, 50. */
  private static final List<float[]> SCORES =
      List.of(new float[] {1, 2, 3, 4}, new float[] {10, 10, 10, 50});

  private static MemberSettings scaled(String by) {
    return Recipes.GLOBAL.with("normalize", by);
  }

  private static List<Integer> counts(
      MemberSettings settings, List<ParameterShape> shapes, List<float[]> scores, int kept) {
    List<Integer> sizes = shapes.stream().map(ParameterShape::size).toList();
    List<Integer> floors = sizes.stream().map(size -> 0).toList();
    double total = sizes.stream().mapToInt(size -> size).sum();
    return Allocations.of(settings)
        .counts(
            new Budget(shapes, 1 - kept / total, kept, floors, sizes),
            Ranking.of(scores, sizes.stream().map(Mask::allKept).toList()));
  }

  /**
   * As shares of the sum .1 … .4 and .125 (3), .625; of the maximum .25 … 1 and .2 (3), 1; from the
   * smallest 0, 1/3, 2/3, 1 and 0 (3), 1; of the upper median 1/3 … 4/3 and 1 (3), 5.
   */
  @ParameterizedTest
  @CsvSource({
    "none, 4, 0, 4",
    "sum, 4, 3, 1",
    "mean, 4, 3, 1",
    "max, 4, 3, 1",
    "min-max, 4, 3, 1",
    "z-score, 3, 2, 1",
    "sentinel, 4, 1, 3",
    "l2, 4, 3, 1"
  })
  void global_onAScale_ranksThePartsOfEachParameter(String by, int kept, int first, int second) {
    assertThat(counts(scaled(by), TWO, SCORES, kept)).containsExactly(first, second);
  }

  @Test
  void sentinel_atTheEnds_dividesByTheSmallestOrTheLargest() {
    assertThat(counts(scaled("sentinel").with("sentinel", 0.0), TWO, SCORES, 4))
        .isEqualTo(List.of(3, 1));
    assertThat(counts(scaled("sentinel").with("sentinel", 1.0), TWO, SCORES, 4))
        .isEqualTo(counts(scaled("max"), TWO, SCORES, 4));
  }

  @Test
  void scales_ofZerosAndOfEqualScores_areFinite() {
    List<float[]> scores = List.of(new float[4], new float[] {7, 7, 7, 7});
    for (ScoreScale scale : ScoreScale.values()) {
      assertThat(counts(scaled(scale.word()), TWO, scores, 3).stream().mapToInt(c -> c).sum())
          .as(scale.word())
          .isEqualTo(3);
    }
  }

  /** Scores of either sign, with ties; the oracle sorts all scaled scores. */
  @Property(tries = 200, seed = "1")
  void global_onAnyScale_countsTheBestOfAllExactly(
      @ForAll ScoreScale by,
      @ForAll boolean signed,
      @ForAll @IntRange(min = 0, max = 30) int kept,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<ParameterShape> shapes = Networks.ofSizes(7, 11, 12);
    List<float[]> scores =
        shapes.stream()
            .map(
                shape -> {
                  float[] some = new float[shape.size()];
                  float size = (float) Math.exp(4 * random.nextGaussian());
                  for (int i = 0; i < some.length; i++) {
                    some[i] = size * (random.nextInt(9) - (signed ? 4 : 0));
                  }
                  return some;
                })
            .toList();
    List<float[]> onScale =
        scores.stream().map(s -> by.apply(s, Mask.allKept(s.length), .5)).toList();

    List<Integer> found = counts(scaled(by.word()), shapes, scores, kept);

    int[] expected = new int[3];
    IntStream.range(0, 3)
        .boxed()
        .flatMap(p -> IntStream.range(0, onScale.get(p).length).mapToObj(i -> new int[] {p, i}))
        .sorted(
            Comparator.<int[]>comparingDouble(at -> onScale.get(at[0])[at[1]])
                .thenComparingInt(at -> at[0])
                .thenComparingInt(at -> at[1])
                .reversed())
        .limit(kept)
        .forEach(at -> expected[at[0]]++);
    assertThat(found).isEqualTo(Arrays.stream(expected).boxed().toList());
    for (int p = 0; p < 3; p++) {
      requireOrder(scores.get(p), onScale.get(p));
    }
  }

  private static void requireOrder(float[] scores, float[] onScale) {
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        assertThat(scores[i] > scores[j] && onScale[i] < onScale[j]).isFalse();
      }
    }
  }
}
