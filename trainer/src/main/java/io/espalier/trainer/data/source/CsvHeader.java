package io.espalier.trainer.data.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * @param labelIndex position of the label's column
 */
record CsvHeader(List<String> columns, int labelIndex) {
  private static final int MAX_COLUMNS = 1_000_000;

  CsvHeader {
    columns = List.copyOf(columns);
  }

  static CsvHeader of(DataFile file, List<String> cells, String label) {
    List<String> columns = cells.stream().map(String::strip).toList();
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (column.isEmpty() || !seen.add(column)) {
        throw file.problem(1, "must name each column once: column='" + column + "'");
      }
    }
    if (columns.size() < 2 || columns.size() > MAX_COLUMNS) {
      throw file.problem(
          1,
          "must have a label and 1 to %d numeric columns: columns=%d"
              .formatted(MAX_COLUMNS - 1, columns.size()));
    }
    return new CsvHeader(columns, labelIndex(file, columns, label.strip()));
  }

  private static int labelIndex(DataFile file, List<String> columns, String label) {
    int index = columns.indexOf(label);
    if (index < 0 && label.matches("\\d{1,7}")) {
      index = Integer.parseInt(label);
    }
    if (index < 0 || index >= columns.size()) {
      throw file.problem(
          1,
          "must have the label's column: label='%s', columns=%d; nearest name is '%s', and an index is from 0 to %d"
              .formatted(label, columns.size(), nearest(columns, label), columns.size() - 1));
    }
    return index;
  }

  private static String nearest(List<String> columns, String label) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return columns.stream()
        .min(Comparator.comparingInt(column -> distance.apply(column, label)))
        .orElseThrow();
  }

  String label() {
    return columns.get(labelIndex);
  }

  List<String> features() {
    List<String> features = new ArrayList<>(columns);
    features.remove(labelIndex);
    return List.copyOf(features);
  }
}
