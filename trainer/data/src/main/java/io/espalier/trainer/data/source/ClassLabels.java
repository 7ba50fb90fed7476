package io.espalier.trainer.data.source;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Label classes: in numeric order if all are integers (1 and 01 are one), else lexicographic. */
final class ClassLabels {
  private final boolean numeric;
  private final List<String> names;
  private final Map<String, Integer> indices = new HashMap<>();

  private ClassLabels(boolean numeric, List<String> names) {
    this.numeric = numeric;
    this.names = List.copyOf(names);
    for (int index = 0; index < names.size(); index++) {
      indices.put(names.get(index), index);
    }
  }

  public static ClassLabels of(List<String> labels) {
    boolean numeric = labels.stream().allMatch(ClassLabels::isInteger);
    Comparator<String> order =
        numeric ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder();
    return new ClassLabels(
        numeric,
        labels.stream().map(label -> canonical(label, numeric)).distinct().sorted(order).toList());
  }

  public List<String> names() {
    return names;
  }

  public OptionalInt indexOf(String label) {
    Integer index = indices.get(canonical(label, numeric));
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  private static boolean isInteger(String label) {
    return label.matches("[+-]?\\d{1,18}");
  }

  private static String canonical(String label, boolean numeric) {
    return numeric && isInteger(label) ? Long.toString(Long.parseLong(label)) : label;
  }
}
