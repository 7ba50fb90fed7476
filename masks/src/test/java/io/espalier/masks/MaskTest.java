package io.espalier.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares a mask with a naive array of booleans. */
class MaskTest {
  static Stream<Arguments> sizesAndLoads() {
    return IntStream.of(0, 1, 2, 63, 64, 65, 127, 128, 129, 1000)
        .boxed()
        .flatMap(
            size ->
                Stream.of(0.0, .01, .1, .5, .9, .99, 1.0).map(load -> Arguments.of(size, load)));
  }

  @ParameterizedTest
  @MethodSource("sizesAndLoads")
  void mask_ofAnyLoad_countsAndFindsAsTheOracle(int size, double load) {
    boolean[] oracle = random(size, load, 1);

    Mask mask = Mask.of(size, unit -> oracle[unit]);

    int kept = 0;
    List<Integer> units = new ArrayList<>();
    for (int unit = 0; unit < size; unit++) {
      assertThat(mask.isKept(unit)).isEqualTo(oracle[unit]);
      if (oracle[unit]) {
        kept++;
        units.add(unit);
      }
    }
    assertThat(mask.size()).isEqualTo(size);
    assertThat(mask.kept()).isEqualTo(kept);
    assertThat(mask.pruned()).isEqualTo(size - kept);
    List<Integer> visited = new ArrayList<>();
    mask.forEachKept(visited::add);
    assertThat(visited).isEqualTo(units);
  }

  @ParameterizedTest
  @MethodSource("sizesAndLoads")
  void nextKept_fromEveryPlace_findsWhatTheOracleFinds(int size, double load) {
    boolean[] oracle = random(size, load, 2);
    Mask mask = Mask.of(size, unit -> oracle[unit]);

    for (int from = 0; from <= size; from++) {
      int expected = from;
      while (expected < size && !oracle[expected]) {
        expected++;
      }
      assertThat(mask.nextKept(from)).isEqualTo(expected == size ? -1 : expected);
    }
  }

  @ParameterizedTest
  @MethodSource("sizesAndLoads")
  void setOperations_onTwoMasks_actUnitByUnit(int size, double load) {
    boolean[] a = random(size, load, 3);
    boolean[] b = random(size, .5, 4);
    Mask first = Mask.of(size, unit -> a[unit]);
    Mask second = Mask.of(size, unit -> b[unit]);

    assertThat(first.and(second)).isEqualTo(Mask.of(size, unit -> a[unit] && b[unit]));
    assertThat(first.or(second)).isEqualTo(Mask.of(size, unit -> a[unit] || b[unit]));
    assertThat(first.andNot(second)).isEqualTo(Mask.of(size, unit -> a[unit] && !b[unit]));
    assertThat(first.countAnd(second)).isEqualTo(first.and(second).kept());
  }

  @ParameterizedTest
  @MethodSource("sizesAndLoads")
  void copyTo_overwritesTheTarget_withOnesAndZeros(int size, double load) {
    boolean[] oracle = random(size, load, 5);
    float[] target = new float[size];
    Arrays.fill(target, Float.NaN);

    Mask.of(size, unit -> oracle[unit]).copyTo(target);

    for (int unit = 0; unit < size; unit++) {
      assertThat(target[unit]).isEqualTo(oracle[unit] ? 1f : 0f);
    }
  }

  @ParameterizedTest
  @MethodSource("sizesAndLoads")
  void words_ofAMask_giveAnEqualMask(int size, double load) {
    boolean[] oracle = random(size, load, 6);
    Mask mask = Mask.of(size, unit -> oracle[unit]);
    long[] words = new long[mask.wordCount()];
    for (int i = 0; i < words.length; i++) {
      words[i] = mask.word(i);
    }

    Mask copy = Mask.ofWords(size, words);
    Arrays.fill(words, 0);

    assertThat(copy).isEqualTo(mask).hasSameHashCodeAs(mask);
  }

  @ParameterizedTest
  @MethodSource("sizesAndLoads")
  void constants_ofEverySize_keepAllOrNone(int size, double load) {
    assertThat(Mask.allKept(size)).isEqualTo(Mask.of(size, unit -> true));
    assertThat(Mask.noneKept(size)).isEqualTo(Mask.of(size, unit -> false));
  }

  @Test
  void ofWords_withGhostBits_isRefused() {
    assertThatThrownBy(() -> Mask.ofWords(3, new long[] {8}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size=3");
    assertThatThrownBy(() -> Mask.ofWords(65, new long[] {0}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void masks_ofDifferentSizes_areNeitherCombinedNorEqual() {
    assertThatThrownBy(() -> Mask.allKept(3).and(Mask.allKept(4)))
        .hasMessage("two masks must have the same size: size=3, other=4");
    assertThat(Mask.noneKept(3)).isNotEqualTo(Mask.noneKept(4));
    assertThatThrownBy(() -> Mask.allKept(3).isKept(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(Mask.allKept(3)).hasToString("Mask(kept=3 of 3)");
  }

  private static boolean[] random(int size, double load, long seed) {
    Random random = new Random(seed * 1000 + size);
    boolean[] bits = new boolean[size];
    for (int unit = 0; unit < size; unit++) {
      bits[unit] = random.nextDouble() < load;
    }
    return bits;
  }
}
