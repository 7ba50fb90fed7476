package io.espalier.masks.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {
  @Test
  void top_withTies_prunesTheFirstFirst() {
    Ranking ranking = ranking(Networks.masks("11111"), new float[] {1, 2, 1, 2, 1});

    assertThat(ranking.top(List.of(3))).isEqualTo(Networks.masks("01011"));
    assertThat(ranking.top(List.of(1))).isEqualTo(Networks.masks("00010"));
    assertThat(ranking.top(List.of(5))).isEqualTo(Networks.masks("11111"));
    assertThat(ranking.top(List.of(0))).isEqualTo(Networks.masks("00000"));
  }

  @Test
  void topCounts_ofEqualScores_pruneEarlierParametersFirst() {
    Ranking ranking =
        ranking(Networks.masks("111", "1111"), new float[] {5, 5, 5}, new float[] {5, 5, 5, 5});

    assertThat(ranking.topCounts(3, List.of(0, 0))).containsExactly(0, 3);
    assertThat(ranking.topCounts(5, List.of(0, 0))).containsExactly(1, 4);
    assertThat(ranking.topCounts(3, List.of(2, 0))).containsExactly(2, 1);
  }

  @Test
  void topCounts_ofACollapsedParameter_keepItsFloor_andTheTotal() {
    Ranking ranking =
        ranking(Networks.masks("1111", "1111"), new float[] {0, 0, 0, 0}, new float[] {4, 3, 2, 1});

    assertThat(ranking.topCounts(4, List.of(1, 1))).containsExactly(1, 3);
    assertThat(ranking.top(List.of(1, 3))).isEqualTo(Networks.masks("0001", "1110"));
  }

  /** A file's scores are read from the disk each time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void top_ofComputedScores_readsThemTwice(boolean shares) {
    List<float[]> scores = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      Random random = new Random(p);
      float[] each = new float[20_000 + 7 * p];
      for (int unit = 0; unit < each.length; unit++) {
        each[unit] = (float) Math.abs(random.nextGaussian()) * (p + 1);
      }
      scores.add(each);
    }
    List<Mask> candidates =
        scores.stream().map(each -> Networks.randomMask(each.length, .95, 5)).toList();
    int[] reads = new int[3];
    Ranking computed =
        Ranking.computed(
            p -> {
              reads[p]++;
              return scores.get(p);
            },
            candidates);
    Ranking held = Ranking.of(scores, candidates);
    List<Integer> floors = List.of(1, 1, 1);

    List<Integer> counts =
        shares ? computed.topShareCounts(6_000, floors) : computed.topCounts(6_000, floors);

    assertThat(computed.top(counts)).isEqualTo(held.top(counts));
    assertThat(reads).containsExactly(2, 2, 2);
  }

  @Test
  void scores_ofUnitsThatAreNoCandidates_doNotCount() {
    Ranking ranking = ranking(Networks.masks("0110"), new float[] {9, 1, 2, 9});

    assertThat(ranking.top(List.of(1))).isEqualTo(Networks.masks("0010"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {.1, .5, .9})
  void scores_ofUnitsThatAreNoCandidates_mayBeAnything(double load) {
    Mask candidates = Networks.randomMask(1000, load, 1);
    float[] clean = new float[1000];
    float[] dirty = new float[1000];
    float[] dirt = {-1, -0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 2};
    for (int unit = 0; unit < 1000; unit++) {
      clean[unit] = unit % 3;
      dirty[unit] = candidates.isKept(unit) ? clean[unit] : dirt[unit % dirt.length];
    }

    for (int kept : List.of(1, candidates.kept() / 3, candidates.kept() / 2)) {
      List<Mask> expected = ranking(List.of(candidates), clean).top(List.of(kept));
      Ranking ranking = ranking(List.of(candidates), dirty);

      assertThat(ranking.topCounts(kept, List.of(0))).containsExactly(kept);
      assertThat(ranking.top(List.of(kept))).isEqualTo(expected);
    }
  }

  @Test
  void ranking_askedAgain_answersAsANewOne() {
    float[] scores = Networks.weights(Networks.ofSizes(5000), 1).get(0);
    for (int unit = 0; unit < scores.length; unit++) {
      scores[unit] = Math.abs(scores[unit]);
    }
    List<Mask> candidates = List.of(Networks.randomMask(5000, .6, 2));
    Ranking ranking = ranking(candidates, scores);

    for (int kept : List.of(100, 2000, 2000, 100, 1, 2500)) {
      assertThat(ranking.topCounts(kept, List.of(0))).containsExactly(kept);
      assertThat(ranking.top(List.of(kept)))
          .isEqualTo(ranking(candidates, scores).top(List.of(kept)));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void score_thatIsNotFinite_isRefused(float score) {
    Ranking ranking = ranking(Networks.masks("111"), new float[] {1, score, 2});

    assertThatThrownBy(() -> ranking.topCounts(2, List.of(0)))
        .hasMessage("scores must be finite: scores that are not=1");
    assertThatThrownBy(() -> ranking.top(List.of(2))).hasMessageContaining("must be finite");
  }

  @Test
  void counts_outsideTheCandidates_areRefused() {
    Ranking ranking = ranking(Networks.masks("110"), new float[] {1, 2, 3});

    assertThatThrownBy(() -> ranking.top(List.of(3))).hasMessageContaining("candidates=2");
    assertThatThrownBy(() -> ranking.topCounts(3, List.of(0))).hasMessageContaining("kept=3");
    assertThatThrownBy(() -> ranking.topCounts(0, List.of(1))).hasMessageContaining("floors=1");
    assertThatThrownBy(() -> ranking.topCounts(2, List.of(3))).hasMessageContaining("floor=3");
    assertThatThrownBy(() -> ranking(Networks.masks("110"), new float[2]))
        .hasMessageContaining("one score per unit");
  }

  /** Distinct values per array: 1 is all equal, few makes many ties, many makes almost none. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50, 1_000_000})
  void selection_ofRandomScores_isThatOfAStableSort(int values) {
    requireSorted(values, (value, random) -> value / 7f);
  }

  /** Many or most scores share the upper half of their bits: with each other, or with the rest. */
  @ParameterizedTest
  @ValueSource(ints = {2, 9, 300})
  void selection_ofCrowdedScores_isThatOfAStableSort(int values) {
    requireSorted(values, (value, random) -> 1 + value * 1e-5f);
    requireSorted(
        values, (value, random) -> random.nextInt(40) == 0 ? 1 + value * 1e-5f : 1 + 5 * 1e-5f);
    requireSorted(values, (value, random) -> random.nextBoolean() ? 0 : value * Float.MIN_VALUE);
  }

  /** Half of the scores are below 0; −0 and 0 are equal. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 300, 1_000_000})
  void selection_ofScoresWithSigns_isThatOfAStableSort(int values) {
    requireSorted(values, (value, random) -> (value - values / 2) / 7f);
    requireSorted(values, (value, random) -> -1 - value * 1e-5f);
    requireSorted(values, (value, random) -> (random.nextBoolean() ? -1 : 1) * (1 + value * 1e-5f));
    requireSorted(values, (value, random) -> random.nextBoolean() ? -0f : -value * 1e-3f);
    requireSorted(values, (value, random) -> random.nextBoolean() ? 0 : value * -Float.MIN_VALUE);
  }

  @Test
  void top_ofScoresWithSigns_keepsTheLargest_notTheFarthestFromZero() {
    Ranking ranking = ranking(Networks.masks("11111"), new float[] {-9, -0f, 2, 0, -1});

    assertThat(ranking.top(List.of(1))).isEqualTo(Networks.masks("00100"));
    assertThat(ranking.top(List.of(2))).isEqualTo(Networks.masks("00110"));
    assertThat(ranking.top(List.of(4))).isEqualTo(Networks.masks("01111"));
  }

  private interface Draw {
    float of(int value, Random random);
  }

  private static void requireSorted(int values, Draw draw) {
    for (int trial = 0; trial < 60; trial++) {
      Random random = new Random(values * 1000L + trial);
      List<float[]> scores = new ArrayList<>();
      List<Mask> candidates = new ArrayList<>();
      List<Integer> floors = new ArrayList<>();
      double load = List.of(.05, .25, .5, .9, 1.0).get(trial % 5);
      for (int p = 0; p < 4; p++) {
        int size = 1 + random.nextInt(300);
        float[] array = new float[size];
        float scale = trial % 2 == 0 ? 1 : (float) Math.pow(10, random.nextInt(6) - 3);
        for (int unit = 0; unit < size; unit++) {
          array[unit] = scale * draw.of(random.nextInt(values), random);
        }
        scores.add(array);
        candidates.add(Networks.randomMask(size, load, random.nextLong()));
        int kept = candidates.get(p).kept();
        floors.add(random.nextBoolean() || kept == 0 ? 0 : random.nextInt(kept));
      }
      int least = floors.stream().mapToInt(i -> i).sum();
      int most = candidates.stream().mapToInt(Mask::kept).sum();
      long kept = (long) least + random.nextInt(most - least + 1);

      Ranking ranking = Ranking.of(scores, candidates);
      List<Mask> actual = ranking.top(ranking.topCounts(kept, floors));

      assertThat(actual).isEqualTo(sorted(scores, candidates, floors, kept));
    }
  }

  /** Prunes one unit after the other, worst first, where the parameter's floor allows. */
  private static List<Mask> sorted(
      List<float[]> scores, List<Mask> candidates, List<Integer> floors, long kept) {
    record Unit(int parameter, int index, float score) {}
    List<Unit> units = new ArrayList<>();
    for (int p = 0; p < scores.size(); p++) {
      int parameter = p;
      candidates
          .get(p)
          .forEachKept(u -> units.add(new Unit(parameter, u, scores.get(parameter)[u])));
    }
    units.sort(Comparator.comparing(unit -> unit.score() + 0f));
    List<Integer> left = new ArrayList<>(candidates.stream().map(Mask::kept).toList());
    List<Set<Integer>> pruned = new ArrayList<>();
    Collections.addAll(pruned, new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    long toPrune = units.size() - kept;
    for (Unit unit : units) {
      int p = unit.parameter();
      if (toPrune > 0 && left.get(p) > floors.get(p)) {
        pruned.get(p).add(unit.index());
        left.set(p, left.get(p) - 1);
        toPrune--;
      }
    }
    List<Mask> masks = new ArrayList<>();
    for (int p = 0; p < scores.size(); p++) {
      int parameter = p;
      Mask all = candidates.get(p);
      masks.add(Mask.of(all.size(), u -> all.isKept(u) && !pruned.get(parameter).contains(u)));
    }
    return masks;
  }

  private static Ranking ranking(List<Mask> candidates, float[]... scores) {
    return Ranking.of(List.of(scores), candidates);
  }
}
