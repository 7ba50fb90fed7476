package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SplitsTest {
  @Test
  void of_tenExamples_keepsTheseShards() {
    Splits splits = Splits.of(10, 0.2, 3, 42);

    assertThat(splits.validation()).containsExactly(3, 5);
    assertThat(splits.shard(0)).containsExactly(2, 4, 9);
    assertThat(splits.shard(1)).containsExactly(0, 6, 8);
    assertThat(splits.shard(2)).containsExactly(1, 7);
    assertThat(splits.smallestShard()).isEqualTo(2);
  }

  @Test
  void of_shareThatDoublesMiss_countsExactly() {
    assertThat(Splits.of(100, 0.29, 1, 1).validation()).hasSize(29);
  }

  @Test
  void shard_moreTrainersThanExamples_isEmpty() {
    Splits splits = Splits.of(2, 0, 4, 1);

    assertThat(splits.shard(1)).hasSize(1);
    assertThat(splits.shard(3)).isEmpty();
    assertThat(splits.smallestShard()).isZero();
  }

  @Test
  void of_impossibleArguments_areRefused() {
    assertThatThrownBy(() -> Splits.of(10, 1, 1, 1)).hasMessageContaining("validation=1.0");
    assertThatThrownBy(() -> Splits.of(10, 0, 0, 1)).hasMessageContaining("trainers=0");
    assertThatThrownBy(() -> Splits.of(10, 0, 2, 1).shard(2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Property(tries = 200, seed = "1")
  void of_anything_dealsEveryExampleOnce(
      @ForAll @IntRange(min = 1, max = 500) int count,
      @ForAll @DoubleRange(min = 0, max = 0.99) double validation,
      @ForAll @IntRange(min = 1, max = 9) int trainers,
      @ForAll long seed) {
    Splits splits = Splits.of(count, validation, trainers, seed);

    List<Integer> all = new ArrayList<>();
    int smallest = Integer.MAX_VALUE;
    int largest = 0;
    for (int value : splits.validation()) {
      all.add(value);
    }
    assertThat(all).hasSize((int) Math.floor(validation * count + 1e-9));
    for (int trainer = 0; trainer < trainers; trainer++) {
      int[] shard = splits.shard(trainer);
      smallest = Math.min(smallest, shard.length);
      largest = Math.max(largest, shard.length);
      for (int value : shard) {
        all.add(value);
      }
    }
    assertThat(all).containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
    assertThat(splits.smallestShard()).isEqualTo(smallest);
    assertThat(largest - smallest).isBetween(0, 1);
  }

  @Test
  void order_sameArguments_givesTheSamePermutation() {
    int[] shard = IntStream.range(100, 200).toArray();

    int[] order = Splits.batchOrder(1, 0, shard, 5);

    assertThat(order).isEqualTo(Splits.batchOrder(1, 0, shard, 5)).isNotEqualTo(shard);
    assertThat(order).containsExactlyInAnyOrder(shard);
    assertThat(shard).isSorted();
  }

  @Test
  void order_otherSeedTrainerOrEpoch_givesAnother() {
    int[] shard = IntStream.range(0, 100).toArray();

    int[] order = Splits.batchOrder(1, 0, shard, 5);

    assertThat(order).isNotEqualTo(Splits.batchOrder(2, 0, shard, 5));
    assertThat(order).isNotEqualTo(Splits.batchOrder(1, 1, shard, 5));
    assertThat(order).isNotEqualTo(Splits.batchOrder(1, 0, shard, 6));
  }
}
