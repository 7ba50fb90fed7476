package io.espalier.trainer.data.source;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import io.espalier.trainer.data.Examples;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A seeded, stratified test set of {@code floor(share · n + 1e-9)} examples, by systematic
 * sampling: shuffled examples are sorted by class, every {@code 1 / share}-th is taken. A class
 * that would be taken whole keeps one training example, and the test set has one less.
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

  int[] train() {
    return train.clone();
  }

  int[] test() {
    return test.clone();
  }
}
