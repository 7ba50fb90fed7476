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

final class CsvInput implements InputRows {
  private final DataFile file;
  private final CsvStream rows;
  private final DataContract contract;
  private final ClassLabels classes;
  private final Optional<String> labelColumn;
  private final int features;

  private CsvInput(
      DataFile file, CsvStream rows, DataContract contract, Optional<String> labelColumn) {
    this.file = file;
    this.rows = rows;
    this.contract = contract;
    this.classes = ClassLabels.of(contract.classNames());
    this.labelColumn = labelColumn;
    this.features = contract.columns().size();
  }

  /** Opens a file whose content {@code in} is; it belongs to the rows, also if this fails. */
  static CsvInput open(
      DataFile file, InputStream in, DataContract contract, Optional<String> labelColumn)
      throws IOException {
    if (contract.columns().isEmpty()) {
      in.close();
      throw file.problem(
          "must be an IDX file: the network was trained on images of %s, not on a table"
              .formatted(contract.input()));
    }
    CsvStream rows = CsvStream.open(file, in, contract.columns(), labelColumn);
    return new CsvInput(file, rows, contract, labelColumn);
  }

  @Override
  public Optional<Examples> next(int most) {
    float[] values = new float[most * features];
    int[] labels = new int[most];
    int count = 0;
    while (count < most && rows.next(values, count * features)) {
      labels[count++] = labelColumn.isPresent() ? label() : 0;
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            Examples.ofFloats(
                Arrays.copyOf(values, count * features), Arrays.copyOf(labels, count)));
  }

  private int label() {
    int exact = contract.classNames().indexOf(rows.text());
    if (exact >= 0) {
      return exact;
    }
    return classes.indexOf(rows.text()).stream()
        .map(this::modelIndex)
        .findFirst()
        .orElseThrow(
            () ->
                file.problem(
                    rows.line(),
                    "a label must be a class of the network: column='%s', value='%s', classes=%s"
                        .formatted(labelColumn.orElse(""), rows.text(), classes.names())));
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
