package io.espalier.masks.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts by shares that are never held, against the ranking of all shares. */
class ShareThresholdTest {
  /** Few values make ties by the thousand. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 300, 1_000_000})
  void topShareCounts_anyScores_areThoseOfAllShares(int values) {
    List<float[]> scores = new ArrayList<>();
    List<Mask> candidates = new ArrayList<>();
    List<float[]> shares = new ArrayList<>();
    int[] sizes = {1, 63, 900, 4_000, 200};
    for (int p = 0; p < sizes.length; p++) {
      scores.add(scores(sizes[p], values, p));
      candidates.add(p % 2 == 0 ? Mask.allKept(sizes[p]) : Networks.randomMask(sizes[p], .7, 5));
      float[] each = new float[sizes[p]];
      LayerShares.of(scores.get(p), candidates.get(p), each);
      shares.add(each);
    }
    Ranking ranking = Ranking.of(scores, candidates);
    Ranking ofShares = Ranking.of(shares, candidates);
    int all = candidates.stream().mapToInt(Mask::kept).sum();
    for (int kept = 30; kept <= all; kept += 1 + kept / 10) {
      for (List<Integer> floors : List.of(List.of(1, 1, 1, 1, 1), List.of(0, 5, 0, 20, 1))) {
        List<Integer> counts = ofShares.topCounts(kept, floors);
        assertThat(ranking.topShareCounts(kept, floors))
            .as("kept %d, floors %s", kept, floors)
            .isEqualTo(counts);
        assertThat(ranking.top(counts))
            .as("kept %d, floors %s", kept, floors)
            .isEqualTo(Ranking.of(scores, candidates).top(counts));
      }
    }
  }

  @Test
  void topShareCounts_ofTheWorkedLayers_keepsTwoOfEach() {
    Ranking ranking =
        Ranking.of(
            List.of(new float[] {1, 2, 3, 4}, new float[] {.1f, .2f, .3f}),
            List.of(Mask.allKept(4), Mask.allKept(3)));

    assertThat(ranking.topShareCounts(4, List.of(0, 0))).containsExactly(2, 2);
    assertThat(ranking.topShareCounts(0, List.of(0, 0))).containsExactly(0, 0);
    assertThat(ranking.topShareCounts(7, List.of(0, 0))).containsExactly(4, 3);
  }

  @Test
  void topShareCounts_zerosAndNothing_areCounted() {
    Ranking ranking =
        Ranking.of(
            List.of(new float[5], new float[] {0, -0f, -3, 2}, new float[3]),
            List.of(Mask.allKept(5), Mask.allKept(4), Mask.noneKept(3)));

    assertThat(ranking.topShareCounts(1, Collections.nCopies(3, 0))).containsExactly(0, 1, 0);
    assertThat(ranking.topShareCounts(3, Collections.nCopies(3, 0))).containsExactly(0, 3, 0);
    assertThat(ranking.topShareCounts(6, Collections.nCopies(3, 0))).containsExactly(2, 4, 0);
  }

  /** One score is so large that the shares of all others of its parameter are 0 as floats. */
  @Test
  void topShareCounts_sharesThatUnderflow_areThoseOfAllShares() {
    float[] huge = scores(100, 1_000, 0);
    huge[7] = Float.MAX_VALUE;
    float[] large = scores(100, 1_000, 1);
    large[8] = 0x1p60f;
    List<float[]> scores = List.of(huge, large, scores(50, 1_000, 2));
    List<Mask> candidates = scores.stream().map(each -> Mask.allKept(each.length)).toList();
    List<float[]> shares = new ArrayList<>();
    for (int p = 0; p < scores.size(); p++) {
      shares.add(new float[scores.get(p).length]);
      LayerShares.of(scores.get(p), candidates.get(p), shares.get(p));
    }

    for (int kept = 3; kept <= 250; kept++) {
      assertThat(Ranking.of(scores, candidates).topShareCounts(kept, List.of(1, 1, 1)))
          .as("kept %d", kept)
          .isEqualTo(Ranking.of(shares, candidates).topCounts(kept, List.of(1, 1, 1)));
    }
  }

  @Test
  void topShareCounts_ofWhatIsNoNumber_isRefused() {
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Ranking ranking = Ranking.of(List.of(new float[] {1, wrong}), List.of(Mask.allKept(2)));

      assertThatThrownBy(() -> ranking.topShareCounts(1, List.of(0)))
          .isInstanceOf(NonFiniteScoresException.class)
          .hasMessageContaining("finite");
    }
  }

  private static float[] scores(int size, int values, int seed) {
    Random random = new Random(seed);
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      int below = seed % 2 * values / 8;
      scores[i] = (random.nextInt(values) - below) * 1e-4f * (1 << seed);
    }
    return scores;
  }
}
