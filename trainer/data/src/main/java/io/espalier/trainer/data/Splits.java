package io.espalier.trainer.data;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The training examples of each trainer, fixed for a run: one seeded permutation, whose first
 * {@code floor(validation · n + 1e-9)} examples are held out; the rest is dealt round-robin.
 * Immutable and thread-safe.
 */
public final class Splits {
  private final int[] order;
  private final int held;
  private final int trainers;

  private Splits(int[] order, int held, int trainers) {
    this.order = order;
    this.held = held;
    this.trainers = trainers;
  }

  /** Deals {@code trainCount} examples after holding out a share in [0, 1). */
  public static Splits of(int trainCount, double validation, int trainers, long seed) {
    if (trainCount < 1 || trainers < 1 || !(validation >= 0 && validation < 1)) {
      throw new IllegalArgumentException(
          "examples and trainers must be 1 or more, validation in [0, 1): trainCount=%d, trainers=%d, validation=%s"
              .formatted(trainCount, trainers, validation));
    }
    int[] order = IntStream.range(0, trainCount).toArray();
    Seeds.shuffle(order, Seeds.stream(Purpose.SHARDS, seed));
    return new Splits(order, (int) Math.floor(validation * trainCount + 1e-9), trainers);
  }

  /** No examples: those of a stream are dealt as they arrive. */
  public static Splits none(int trainers) {
    return new Splits(new int[0], 0, trainers);
  }

  public int[] validation() {
    return Arrays.copyOf(order, held);
  }

  public int[] shard(int trainer) {
    Objects.checkIndex(trainer, trainers);
    int[] shard = new int[(order.length - held - trainer + trainers - 1) / trainers];
    for (int i = 0; i < shard.length; i++) {
      shard[i] = order[held + trainer + i * trainers];
    }
    return shard;
  }

  /** Returns 0 if there are more trainers than examples. */
  public int smallestShard() {
    return (order.length - held) / trainers;
  }

  /** Returns a shuffled copy of {@code shard}: a pure function of its arguments. */
  public static int[] batchOrder(long seed, int trainer, int[] shard, long epoch) {
    int[] order = shard.clone();
    Seeds.shuffle(order, Seeds.stream(Purpose.BATCH_ORDER, seed, trainer, epoch));
    return order;
  }
}
