package io.espalier.masks.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.random.Seeds.Purpose;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class SeedsTest {
  @Test
  void stream_anyPurposeSeedOrKey_isAnotherStream() {
    Set<Long> first = new HashSet<>();
    for (Purpose purpose : Purpose.values()) {
      for (long seed = -3; seed <= 3; seed++) {
        first.add(Seeds.stream(purpose, seed).nextLong());
        for (long key = 0; key < 4; key++) {
          first.add(Seeds.stream(purpose, seed, key).nextLong());
          first.add(Seeds.stream(purpose, seed, key, 1).nextLong());
        }
      }
    }

    assertThat(first).hasSize(Purpose.values().length * 7 * 9);
  }

  @Test
  void shuffle_manyTimes_putsEveryValueEverywhereEquallyOften() {
    int[][] counts = new int[4][4];
    for (int seed = 0; seed < 40_000; seed++) {
      int[] values = {0, 1, 2, 3};
      Seeds.shuffle(values, Seeds.stream(Purpose.SHARDS, seed));
      for (int place = 0; place < 4; place++) {
        counts[place][values[place]]++;
      }
    }

    for (int[] place : counts) {
      for (int count : place) {
        assertThat((double) count).isCloseTo(10_000, Percentage.withPercentage(4));
      }
    }
  }
}
