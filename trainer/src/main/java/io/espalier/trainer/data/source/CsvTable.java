package io.espalier.trainer.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.text.similarity.LevenshteinDistance;

final class CsvTable {
  private static final long MAX_BYTES = 1L << 31;
  private static final int MAX_COLUMNS = 1_000_000;
  private static final int MAX_VALUES = 1 << 28;

  private final DataFile file;
  private final List<String> columns;
  private final int labelColumn;
  private final List<String> labels = new ArrayList<>();
  private float[] values = new float[1 << 10];
  private long[] lines = new long[1 << 6];
  private int size;

  private CsvTable(DataFile file, List<String> columns, String label) {
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
    this.file = file;
    this.columns = columns;
    this.labelColumn = labelColumn(file, columns, label.strip());
  }

  /** Reads a whole file, also into the digest; {@code label} is a column's name or index. */
  static CsvTable read(DataFile file, String label, MessageDigest digest) {
    try (CsvFile rows = CsvFile.open(file, new DigestInputStream(bounded(file), digest))) {
      CsvTable table = new CsvTable(file, rows.header(), label);
      for (Optional<CSVRecord> row = rows.next(); row.isPresent(); row = rows.next()) {
        table.add(row.get(), rows);
      }
      if (table.labels.isEmpty()) {
        throw file.problem("must have a row below its header: rows=0");
      }
      return table;
    } catch (IOException e) {
      throw CsvFile.unreadable(file, e);
    }
  }

  private static InputStream bounded(DataFile file) throws IOException {
    long bytes = Files.size(file.path());
    if (bytes > MAX_BYTES) {
      throw file.problem("must have at most " + MAX_BYTES + " bytes: bytes=" + bytes);
    }
    return Files.newInputStream(file.path());
  }

  private static int labelColumn(DataFile file, List<String> columns, String label) {
    int index = columns.indexOf(label);
    if (index < 0 && label.matches("\\d{1,7}")) {
      index = Integer.parseInt(label);
    }
    if (index < 0 || index >= columns.size()) {
      LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
      String nearest =
          columns.stream()
              .min(Comparator.comparingInt(column -> distance.apply(column, label)))
              .orElseThrow();
      throw file.problem(
          1,
          "must have the label's column: label='%s', columns=%d; nearest name is '%s', and an index is from 0 to %d"
              .formatted(label, columns.size(), nearest, columns.size() - 1));
    }
    return index;
  }

  private void add(CSVRecord row, CsvFile rows) {
    grow(columns.size() - 1);
    for (int column = 0; column < columns.size(); column++) {
      if (column != labelColumn) {
        values[size++] = rows.number(row, column);
      }
    }
    String label = row.get(labelColumn).strip();
    if (label.isEmpty()) {
      throw file.problem(rows.line(), "a label must not be empty: column='" + label() + "'");
    }
    lines[labels.size()] = rows.line();
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

  List<String> features() {
    List<String> features = new ArrayList<>(columns);
    features.remove(labelColumn);
    return List.copyOf(features);
  }

  String label() {
    return columns.get(labelColumn);
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
