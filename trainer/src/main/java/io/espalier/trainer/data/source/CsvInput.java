package io.espalier.trainer.data.source;

import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Examples;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;

final class CsvInput implements InputFile.Rows {
  private final DataFile file;
  private final CsvFile rows;
  private final DataContract contract;
  private final ClassLabels classes;
  private final Optional<String> labelColumn;
  private final int[] positions;
  private final int labelPosition;

  private CsvInput(
      DataFile file, CsvFile rows, DataContract contract, Optional<String> labelColumn) {
    this.file = file;
    this.rows = rows;
    this.contract = contract;
    this.classes = ClassLabels.of(contract.classNames());
    this.labelColumn = labelColumn;
    this.positions = positions();
    this.labelPosition = labelColumn.map(this::position).orElse(-1);
  }

  /** Finds the columns by name and ignores all others; {@code in} is closed with the rows. */
  static CsvInput open(
      DataFile file, InputStream in, DataContract contract, Optional<String> labelColumn)
      throws IOException {
    if (contract.columns().isEmpty()) {
      in.close();
      throw file.problem(
          "must be an IDX file: the network was trained on images of %s, not on a table"
              .formatted(contract.input()));
    }
    CsvFile rows = CsvFile.open(file, in);
    try {
      return new CsvInput(file, rows, contract, labelColumn);
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  private int[] positions() {
    List<String> missing =
        contract.columns().stream().filter(column -> !rows.header().contains(column)).toList();
    if (!missing.isEmpty()) {
      throw file.problem(
          1,
          "must have every column that the network was trained on: missing=%s, columns=%s"
              .formatted(missing, rows.header()));
    }
    return contract.columns().stream().mapToInt(this::position).toArray();
  }

  private int position(String column) {
    int position = rows.header().indexOf(column);
    if (position < 0 || position != rows.header().lastIndexOf(column)) {
      throw file.problem(
          1, "must have the column once: column='%s', columns=%s".formatted(column, rows.header()));
    }
    return position;
  }

  @Override
  public Optional<Examples> next(int most) {
    float[] values = new float[most * positions.length];
    int[] labels = new int[most];
    int count = 0;
    while (count < most) {
      Optional<CSVRecord> row = rows.next();
      if (row.isEmpty()) {
        break;
      }
      for (int i = 0; i < positions.length; i++) {
        values[count * positions.length + i] = rows.number(row.get(), positions[i]);
      }
      labels[count++] = labelPosition < 0 ? 0 : label(row.get().get(labelPosition).strip());
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            Examples.ofFloats(
                Arrays.copyOf(values, count * positions.length), Arrays.copyOf(labels, count)));
  }

  private int label(String text) {
    int exact = contract.classNames().indexOf(text);
    if (exact >= 0) {
      return exact;
    }
    return classes.indexOf(text).stream()
        .map(this::modelIndex)
        .findFirst()
        .orElseThrow(
            () ->
                file.problem(
                    rows.line(),
                    "a label must be a class of the network: column='%s', value='%s', classes=%s"
                        .formatted(labelColumn.orElse(""), text, classes.names())));
  }

  /** The model's class that is written like a class in another way, as 7 and 07 are. */
  private int modelIndex(int index) {
    List<String> names = contract.classNames();
    return IntStream.range(0, names.size())
        .filter(i -> classes.indexOf(names.get(i)).equals(OptionalInt.of(index)))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
