package io.espalier.trainer.data.source;

import io.espalier.trainer.data.format.IdxFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classes of IDX labels: those with given names, numbered from 0, or the numbers that occur,
 * ascending.
 *
 * <p>Immutable and thread-safe.
 */
final class IdxClasses {
  private static final int MAX_CLASSES = 10_000;

  private final List<String> names;
  private final int[] numbers;
  private final String rule;

  private IdxClasses(List<String> names, int[] numbers, String rule) {
    this.names = names;
    this.numbers = numbers;
    this.rule = rule;
  }

  static IdxClasses named(List<String> names) {
    int last = names.size() - 1;
    return new IdxClasses(
        names, IntStream.rangeClosed(0, last).toArray(), "a label must be from 0 to " + last);
  }

  static IdxClasses occurringIn(IdxFile labels) {
    int[] numbers = IntStream.of(labels.wholes()).distinct().sorted().toArray();
    if (numbers.length < 2 || numbers.length > MAX_CLASSES) {
      throw labels
          .file()
          .problem(
              "must have from 2 to %d classes: classes=%d".formatted(MAX_CLASSES, numbers.length));
    }
    return new IdxClasses(
        IntStream.of(numbers).mapToObj(String::valueOf).toList(),
        numbers,
        "a label must occur in " + labels.file().path().getFileName());
  }

  List<String> names() {
    return names;
  }

  /** The class of each label. */
  int[] indices(IdxFile labels) {
    int[] indices = labels.wholes();
    for (int i = 0; i < indices.length; i++) {
      int index = Arrays.binarySearch(numbers, indices[i]);
      if (index < 0) {
        throw labels.file().problem("%s: index=%d, label=%d".formatted(rule, i, indices[i]));
      }
      indices[i] = index;
    }
    return indices;
  }
}
