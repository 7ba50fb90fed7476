package io.espalier.trainer.analysis;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.data.Examples;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Some examples of a set. Immutable. */
final class Sample {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x73616d70L;

  private final Examples examples;
  private final int[] indices;

  private Sample(Examples examples, int[] indices) {
    this.examples = examples;
    this.indices = indices;
  }

  static Sample all(Examples examples) {
    return new Sample(examples, IntStream.range(0, examples.count()).toArray());
  }

  /** Draws without replacement, in a random order; all of them if there are no more. */
  static Sample of(Examples examples, int most, long seed) {
    CounterRandom random = CounterRandom.of(seed, DOMAIN);
    return new Sample(
        examples,
        IntStream.range(0, examples.count())
            .boxed()
            .sorted(Comparator.comparingLong((Integer each) -> random.bits(each)))
            .limit(most)
            .mapToInt(Integer::intValue)
            .toArray());
  }

  Examples examples() {
    return examples;
  }

  int count() {
    return indices.length;
  }

  /** Indices of the examples; callers must not change them. */
  int[] indices() {
    return indices;
  }

  int label(int place) {
    return examples.label(indices[place]);
  }
}
