package io.espalier.trainer.data.source;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The labels of a table's rows, in the order of the file. Not thread-safe. */
final class CsvLabels {
  private static final int MAX_CLASSES = 10_000;

  /** More fractions than this are no classes, whatever the number of rows. */
  private static final int MOST_FRACTIONS = 20;

  /** More whole numbers than this, each in less than two rows on average, are no classes. */
  private static final int MOST_RARE_NUMBERS = 100;

  private final DataFile file;
  private final String column;
  private final Map<String, Integer> texts = new LinkedHashMap<>();
  private int[] rows = new int[1 << 6];
  private int count;

  CsvLabels(Path path, String column) {
    this.file = new DataFile(path, "data.label");
    this.column = column;
  }

  void add(String label) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
    }
    rows[count++] = texts.computeIfAbsent(label, text -> texts.size());
    if (texts.size() > MAX_CLASSES) {
      classes();
    }
  }

  int count() {
    return count;
  }

  boolean contains(String text) {
    return texts.containsKey(text);
  }

  /** The classes; refuses a column that has too few or too many, or is a quantity. */
  ClassLabels classes() {
    boolean numbers = texts.keySet().stream().allMatch(CellNumber::is);
    boolean fractions = numbers && texts.keySet().stream().anyMatch(CellNumber::isFraction);
    boolean rare = texts.size() > 2 && 2 * texts.size() > count;
    if (numbers
        && (fractions
            ? rare || texts.size() > MOST_FRACTIONS
            : rare && texts.size() > MOST_RARE_NUMBERS)) {
      throw file.problem(
          "must be a column of classes; this one looks like regression, which is not supported: column='%s', different numbers=%s, rows=%d, as %s; divide the numbers into ranges with a name each, or write them as words if they are names"
              .formatted(column, shownCount(), count, examples()));
    }
    ClassLabels classes = ClassLabels.of(List.copyOf(texts.keySet()));
    int classCount = classes.names().size();
    if (classCount < 2 || classCount > MAX_CLASSES) {
      throw file.problem(
          "must have from 2 to %d classes: column='%s', classes=%s"
              .formatted(MAX_CLASSES, column, classCount < 2 ? classCount : shownCount()));
    }
    return classes;
  }

  private String shownCount() {
    return texts.size() > MAX_CLASSES ? "more than " + MAX_CLASSES : String.valueOf(texts.size());
  }

  private String examples() {
    return texts.keySet().stream().limit(3).collect(Collectors.joining(", "));
  }

  /** The class of each row. */
  int[] indices(ClassLabels classes) {
    return indices(text -> classes.indexOf(text).orElseThrow());
  }

  /** The class of each row among the classes of a network; refuses others. */
  int[] indices(List<String> classNames) {
    ClassLabels classes = ClassLabels.of(classNames);
    return indices(
        text ->
            classNames.contains(text)
                ? classNames.indexOf(text)
                : classes
                    .indexOf(text)
                    .orElseThrow(
                        () ->
                            file.problem(
                                "a label must be a class of the network: column='%s', value='%s', classes=%s"
                                    .formatted(column, text, classNames))));
  }

  private int[] indices(ToIntFunction<String> index) {
    int[] ofText = texts.keySet().stream().mapToInt(index).toArray();
    int[] indices = new int[count];
    for (int row = 0; row < count; row++) {
      indices[row] = ofText[rows[row]];
    }
    return indices;
  }
}
