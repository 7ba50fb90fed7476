package io.espalier.trainer.data.source;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import io.espalier.trainer.data.Examples;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which examples of one set are kept for the test: {@code floor(share · n + 1e-9)} of them, drawn
 * with a seed and in the same proportion from every class, to within one example.
 *
 * <p>Systematic sampling: the shuffled examples are lined up class by class and every {@code 1 /
 * share}-th is taken. A class that would be taken whole leaves one example to train on, and the
 * test has one less.
 *
 * <p>Immutable and thread-safe.
 */
final class TestSplit {
  private final int[] train;
  private final int[] test;

  private TestSplit(int[] train, int[] test) {
    this.train = train;
    this.test = test;
  }

  static TestSplit of(Examples examples, double share, long seed) {
    int[] order = IntStream.range(0, examples.count()).toArray();
    Seeds.shuffle(order, Seeds.stream(Purpose.TEST_SPLIT, seed));
    int[] lined =
        IntStream.of(order)
            .boxed()
            .sorted(Comparator.comparingInt(examples::label))
            .mapToInt(Integer::intValue)
            .toArray();
    boolean[] isTest = new boolean[lined.length];
    boolean wholeClass = true;
    for (int i = 0; i < lined.length; i++) {
      boolean endsClass =
          i + 1 == lined.length || examples.label(lined[i]) != examples.label(lined[i + 1]);
      boolean taken = taken(i + 1, share) > taken(i, share);
      isTest[lined[i]] = taken && !(endsClass && wholeClass);
      wholeClass = endsClass || (wholeClass && taken);
    }
    return new TestSplit(
        IntStream.range(0, isTest.length).filter(i -> !isTest[i]).toArray(),
        IntStream.range(0, isTest.length).filter(i -> isTest[i]).toArray());
  }

  private static long taken(int first, double share) {
    return (long) Math.floor(share * first + 1e-9);
  }

  /** Indices to train on, ascending. */
  int[] train() {
    return train.clone();
  }

  /** Indices to test on, ascending. */
  int[] test() {
    return test.clone();
  }
}
