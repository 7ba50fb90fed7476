package io.espalier.trainer.data.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The classes of IDX labels: given names, numbered from 0, or the numbers that occur. */
final class IdxClasses {
  private static final int MAX_CLASSES = 10_000;

  private final List<String> names;
  private final Map<Integer, Integer> indices = new HashMap<>();
  private final String rule;

  private IdxClasses(List<String> names, int[] numbers, String rule) {
    this.names = List.copyOf(names);
    this.rule = rule;
    for (int index = 0; index < numbers.length; index++) {
      indices.put(numbers[index], index);
    }
  }

  public static IdxClasses named(List<String> names) {
    int last = names.size() - 1;
    return new IdxClasses(
        names, IntStream.rangeClosed(0, last).toArray(), "a label must be from 0 to " + last);
  }

  public static IdxClasses occurringIn(IdxFile labels) {
    int[] numbers = IntStream.of(labels.wholes()).distinct().sorted().toArray();
    if (numbers.length < 2 || numbers.length > MAX_CLASSES) {
      throw labels
          .file()
          .problem(
              "must have from 2 to %d classes: classes=%d".formatted(MAX_CLASSES, numbers.length));
    }
    return numbered(
        IntStream.of(numbers).mapToObj(String::valueOf).toList(),
        "a label must occur in " + labels.file().path().getFileName());
  }

  /** Classes whose names are {@linkplain #isNumber numbers}; messages state {@code rule}. */
  public static IdxClasses numbered(List<String> names, String rule) {
    return new IdxClasses(names, names.stream().mapToInt(Integer::parseInt).toArray(), rule);
  }

  public static boolean isNumber(String name) {
    return name.matches("-?\\d{1,10}") && Long.parseLong(name) == (int) Long.parseLong(name);
  }

  public List<String> names() {
    return names;
  }

  public String rule() {
    return rule;
  }

  public OptionalInt indexOf(int label) {
    Integer index = indices.get(label);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  public int[] indices(IdxFile labels) {
    int[] found = labels.wholes();
    for (int i = 0; i < found.length; i++) {
      OptionalInt index = indexOf(found[i]);
      if (index.isEmpty()) {
        throw labels.file().problem("%s: index=%d, label=%d".formatted(rule, i, found[i]));
      }
      found[i] = index.getAsInt();
    }
    return found;
  }
}
