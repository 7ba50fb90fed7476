package io.espalier.trainer.data;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;

/** The order in which a trainer visits its shard, new in each epoch. */
public final class BatchOrder {
  private BatchOrder() {}

  public static int[] order(long seed, int trainer, int[] shard, long epoch) {
    int[] order = shard.clone();
    Seeds.shuffle(order, Seeds.stream(Purpose.BATCH_ORDER, seed, trainer, epoch));
    return order;
  }
}
