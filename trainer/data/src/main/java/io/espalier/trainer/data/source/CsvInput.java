package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TableEncoding;
import io.espalier.trainer.file.HeapRoom;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;

/** Rows of a CSV file, encoded as a network's. Not thread-safe. */
final class CsvInput implements InputFile.Rows {
  private final DataFile file;
  private final CsvFile rows;
  private final RowEncoder encoder;
  private final Format format;
  private final ClassLabels classes;
  private final int labelPosition;

  /**
   * The format of the rows.
   *
   * @param classNames of the labels
   * @param separator between cells; empty if the file shows it
   * @param label name or index of the label's column; empty if there is none
   * @param labelRule what a label must be
   */
  record Format(
      TableEncoding encoding,
      List<String> classNames,
      Optional<Character> separator,
      Optional<String> label,
      String labelRule) {
    static Format of(DataContract contract, Optional<String> label) {
      return new Format(
          contract.table(),
          contract.classNames(),
          contract.source() instanceof DataConfig.Csv csv
              ? csv.table().separator()
              : Optional.empty(),
          label,
          "a label must be a class of the network");
    }
  }

  private CsvInput(DataFile file, CsvFile rows, Format format) {
    this.file = file;
    this.rows = rows;
    this.format = format;
    List<String> header = header(rows, format.encoding());
    this.encoder = new RowEncoder(file, format.encoding(), rows, header);
    this.classes = ClassLabels.of(format.classNames());
    this.labelPosition =
        format.label().map(label -> CsvColumns.labelPosition(file, header, label)).orElse(-1);
  }

  /** Finds the columns by name and ignores all others; {@code in} is closed with the rows. */
  static CsvInput open(DataFile file, InputStream in, DataContract contract, Optional<String> label)
      throws IOException {
    if (contract.columns().isEmpty()) {
      in.close();
      throw file.problem(
          "must be an IDX file: the network was trained on images of %s, not on a table"
              .formatted(contract.input()));
    }
    return open(file, in, Format.of(contract, label));
  }

  static CsvInput open(DataFile file, InputStream in, Format format) throws IOException {
    CsvFile.Form form = new CsvFile.Form(format.separator(), format.encoding().cells().isEmpty());
    CsvFile rows = CsvFile.open(file, in, form);
    try {
      return new CsvInput(file, rows, format);
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /** Rows without a header may lack the label's cell; the cells behind it then move up. */
  private static List<String> header(CsvFile rows, TableEncoding encoding) {
    int found = rows.header().size();
    if (encoding.cells().filter(cells -> found == cells - 1).isEmpty()) {
      return rows.header();
    }
    List<String> names = new ArrayList<>(TableEncoding.positional(found + 1));
    encoding.label().ifPresent(names::remove);
    return names;
  }

  @Override
  public Optional<Examples> next(int most) {
    int features = encoder.features();
    float[] values = new float[most * features];
    int[] labels = new int[most];
    int count = 0;
    while (count < most) {
      Optional<CSVRecord> row = rows.next();
      if (row.isEmpty()) {
        break;
      }
      encoder.encode(row.get(), rows.line(), values, count * features);
      labels[count++] = labelPosition < 0 ? 0 : label(row.get().get(labelPosition).strip());
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            Examples.ofFloats(
                Arrays.copyOf(values, count * features), Arrays.copyOf(labels, count)));
  }

  /** All further rows in one; refuses a file without any, and what does not fit twice. */
  Examples all(HeapRoom room) {
    List<Examples> parts = new ArrayList<>();
    int most = 1000;
    for (Optional<Examples> part = next(most); part.isPresent(); part = next(most)) {
      parts.add(part.get());
      if (!room.take(2L * Float.BYTES * part.get().count() * part.get().features())) {
        throw file.problem(
            "must have rows that fit into half of the Java heap: inputs of a row=%d, half of the heap=%d MB; %s, or take fewer rows"
                .formatted(part.get().features(), room.megabytes(), HeapRoom.MORE));
      }
    }
    if (parts.isEmpty()) {
      throw file.problem("must have a row below its header: rows=0");
    }
    return Examples.joined(parts);
  }

  @Override
  public List<String> notices() {
    return encoder.notices();
  }

  private int label(String text) {
    int exact = format.classNames().indexOf(text);
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
                    "%s: column='%s', value='%s', classes=%s"
                        .formatted(
                            format.labelRule(), format.label().orElse(""), text, classes.names())));
  }

  /** The model's class that is written like a class in another way, as 7 and 07 are. */
  private int modelIndex(int index) {
    List<String> names = format.classNames();
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
