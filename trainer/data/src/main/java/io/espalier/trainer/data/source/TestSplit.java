package io.espalier.trainer.data.source;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A seeded, stratified test set of {@code floor(share · n + 1e-9)} examples, by systematic
 * sampling: shuffled examples are sorted by class, every {@code 1 / share}-th is taken. A class
 * that would be taken whole keeps one training example, and the test set has one less.
 */
final class TestSplit {
  private final int[] labels;
  private final double share;
  private final int[] train;
  private final int[] test;

  private TestSplit(int[] labels, double share, int[] train, int[] test) {
    this.labels = labels;
    this.share = share;
    this.train = train;
    this.test = test;
  }

  static TestSplit of(int[] labels, double share, long seed) {
    int[] order = IntStream.range(0, labels.length).toArray();
    Seeds.shuffle(order, Seeds.stream(Purpose.TEST_SPLIT, seed));
    int[] lined =
        IntStream.of(order)
            .boxed()
            .sorted(Comparator.comparingInt(example -> labels[example]))
            .mapToInt(Integer::intValue)
            .toArray();
    boolean[] isTest = new boolean[lined.length];
    boolean wholeClass = true;
    for (int i = 0; i < lined.length; i++) {
      boolean endsClass = i + 1 == lined.length || labels[lined[i]] != labels[lined[i + 1]];
      boolean taken = taken(i + 1, share) > taken(i, share);
      isTest[lined[i]] = taken && !(endsClass && wholeClass);
      wholeClass = endsClass || (wholeClass && taken);
    }
    return new TestSplit(
        labels,
        share,
        IntStream.range(0, isTest.length).filter(i -> !isTest[i]).toArray(),
        IntStream.range(0, isTest.length).filter(i -> isTest[i]).toArray());
  }

  /** Examples from {@code first} on are the test set. */
  static TestSplit behind(int[] labels, int first) {
    return new TestSplit(
        labels,
        0,
        IntStream.range(0, first).toArray(),
        IntStream.range(first, labels.length).toArray());
  }

  private static long taken(int first, double share) {
    return (long) Math.floor(share * first + 1e-9);
  }

  /** Refuses a split without a test example; {@code unit} is what the examples are called. */
  TestSplit required(DataFile key, String unit, List<String> classNames) {
    if (test.length > 0) {
      return this;
    }
    int[] counts = new int[classNames.size()];
    IntStream.of(labels).forEach(label -> counts[label]++);
    int largest =
        IntStream.range(0, counts.length)
            .boxed()
            .max(Comparator.comparingInt(label -> counts[label]))
            .orElseThrow();
    throw key.problem(
        "must leave an example for the test: test=%s, %s=%d, classes=%d; the largest class '%s' has %d; %s"
            .formatted(
                share,
                unit,
                labels.length,
                classNames.size(),
                classNames.get(largest),
                counts[largest],
                counts[largest] == 1
                    ? "a class keeps one example for the training, so there must be classes with more: are these labels classes?"
                    : "a larger data.test takes more"));
  }

  int[] train() {
    return train.clone();
  }

  int[] test() {
    return test.clone();
  }
}
