package io.espalier.trainer.data.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV file with a header row, one after another: some columns of finite numbers, and
 * one of text if asked for; columns are found by name, all others are passed over.
 *
 * <p>Not thread-safe.
 */
final class CsvStream implements Closeable {
  private final DataFile file;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> columns;
  private final int[] positions;
  private final int cells;
  private final int textPosition;
  private String text = "";

  private CsvStream(
      DataFile file, CSVParser parser, List<String> numbers, Optional<String> textColumn) {
    this.file = file;
    this.parser = parser;
    this.records = parser.iterator();
    this.columns = List.copyOf(numbers);
    List<String> header = header();
    cells = header.size();
    positions = positions(header);
    textPosition = textColumn.map(column -> position(header, column)).orElse(-1);
  }

  /**
   * Opens a file and reads its header.
   *
   * @param in content of the file; belongs to the stream, also if this fails
   * @throws io.espalier.configs.InvalidConfigException if columns are missing, naming all of them
   */
  public static CsvStream open(
      DataFile file, InputStream in, List<String> numbers, Optional<String> textColumn)
      throws IOException {
    try {
      return new CsvStream(file, CSVFormat.DEFAULT.parse(CsvTable.reader(in)), numbers, textColumn);
    } catch (UncheckedIOException e) {
      in.close();
      throw unreadable(file, e);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Reads the next row's numbers into {@code target} from {@code at} on, in the order in which they
   * were asked for; false at the end.
   *
   * @throws io.espalier.configs.InvalidConfigException naming line, column and value of a problem
   */
  public boolean next(float[] target, int at) {
    Optional<CSVRecord> next = nextRecord();
    next.ifPresent(row -> take(row, target, at));
    return next.isPresent();
  }

  /** The text of the row read last, without the spaces around it. */
  public String text() {
    return text;
  }

  public long line() {
    return parser.getCurrentLineNumber();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  private void take(CSVRecord row, float[] target, int at) {
    if (row.size() != cells) {
      throw file.problem(
          line(),
          "every row must have the header's %d cells: cells=%d".formatted(cells, row.size()));
    }
    for (int i = 0; i < positions.length; i++) {
      target[at + i] = CsvRows.number(file, line(), columns.get(i), row.get(positions[i]));
    }
    text = textPosition < 0 ? "" : row.get(textPosition).strip();
  }

  private Optional<CSVRecord> nextRecord() {
    try {
      return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    } catch (UncheckedIOException e) {
      throw unreadable(file, e);
    }
  }

  private List<String> header() {
    return nextRecord()
        .map(record -> record.stream().map(String::strip).toList())
        .orElseThrow(() -> file.problem("must have a header row: the file is empty"));
  }

  private int[] positions(List<String> header) {
    List<String> missing = columns.stream().filter(column -> !header.contains(column)).toList();
    if (!missing.isEmpty()) {
      throw file.problem(
          1,
          "must have every column that the network was trained on: missing=%s, columns=%s"
              .formatted(missing, header));
    }
    return columns.stream().mapToInt(column -> position(header, column)).toArray();
  }

  private int position(List<String> header, String column) {
    int position = header.indexOf(column);
    if (position < 0 || position != header.lastIndexOf(column)) {
      throw file.problem(
          1, "must have the column once: column='%s', columns=%s".formatted(column, header));
    }
    return position;
  }

  private static RuntimeException unreadable(DataFile file, UncheckedIOException e) {
    return file.problem(CsvTable.unreadable(Objects.requireNonNull(e.getCause())));
  }
}
