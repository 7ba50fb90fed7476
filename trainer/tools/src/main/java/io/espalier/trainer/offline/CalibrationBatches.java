package io.espalier.trainer.offline;

/**
 * How examples are dealt into batches of one size: as few of at most 128 as hold them, or a
 * thousand larger ones, all of one pass over the data.
 *
 * @param size examples of a batch
 * @param count batches
 */
record CalibrationBatches(int size, int count) {
  private static final int LARGEST = 128;

  /** The most batches that methods take. */
  private static final int MOST = 1_000;

  /** Batches of {@code wanted} examples, or of all if there are fewer. */
  static CalibrationBatches of(int wanted, int available) {
    int examples = Math.min(wanted, available);
    int count = Math.min(MOST, (examples + LARGEST - 1) / LARGEST);
    return new CalibrationBatches(examples / count, count);
  }
}
