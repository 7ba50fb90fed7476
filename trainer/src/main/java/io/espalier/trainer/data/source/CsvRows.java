package io.espalier.trainer.data.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVRecord;

/** The rows of a CSV file, validated cell by cell. */
final class CsvRows {
  private static final int MAX_VALUES = 1 << 28;

  private final DataFile file;
  private final CsvHeader header;
  private final List<String> labels = new ArrayList<>();
  private float[] values = new float[1 << 10];
  private long[] lines = new long[1 << 6];
  private int size;

  CsvRows(DataFile file, CsvHeader header) {
    this.file = file;
    this.header = header;
  }

  void add(CSVRecord cells, long line) {
    List<String> columns = header.columns();
    if (cells.size() != columns.size()) {
      throw file.problem(
          line,
          "every row must have the header's %d cells: cells=%d"
              .formatted(columns.size(), cells.size()));
    }
    grow(columns.size() - 1);
    for (int column = 0; column < columns.size(); column++) {
      if (column != header.labelIndex()) {
        values[size++] = number(file, line, columns.get(column), cells.get(column));
      }
    }
    String label = cells.get(header.labelIndex()).strip();
    if (label.isEmpty()) {
      throw file.problem(line, "a label must not be empty: column='" + header.label() + "'");
    }
    lines[labels.size()] = line;
    labels.add(label);
  }

  private void grow(int added) {
    if (size + (long) added > MAX_VALUES) {
      throw file.problem("must have at most " + MAX_VALUES + " numbers");
    }
    if (size + added > values.length) {
      values = Arrays.copyOf(values, Math.max(2 * values.length, size + added));
    }
    if (labels.size() == lines.length) {
      lines = Arrays.copyOf(lines, 2 * lines.length);
    }
  }

  static float number(DataFile file, long line, String column, String cell) {
    String text = cell.strip();
    float value = Float.NaN;
    if (text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
      try {
        value = Float.parseFloat(text);
      } catch (NumberFormatException e) {
        value = Float.NaN;
      }
    }
    if (!Float.isFinite(value)) {
      throw file.problem(
          line,
          "every cell must be a finite number: column='%s', value='%s'".formatted(column, text));
    }
    return value;
  }

  int count() {
    return labels.size();
  }

  List<String> labels() {
    return labels;
  }

  long line(int row) {
    return lines[row];
  }

  float[] values() {
    return Arrays.copyOf(values, size);
  }
}
