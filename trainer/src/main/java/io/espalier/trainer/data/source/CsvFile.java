package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a UTF-8 CSV file with a header (RFC 4180, blank lines ignored). Every problem is an
 * {@link InvalidConfigException} that names file and line. Not thread-safe.
 */
final class CsvFile implements Closeable {
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final DataFile file;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> header;

  private CsvFile(DataFile file, CSVParser parser) {
    this.file = file;
    this.parser = parser;
    this.records = parser.iterator();
    this.header =
        nextRecord()
            .map(record -> record.stream().map(String::strip).toList())
            .orElseThrow(() -> file.problem("must have a header row: the file is empty"));
  }

  static CsvFile open(DataFile file, InputStream in) throws IOException {
    try {
      return new CsvFile(file, CSVFormat.DEFAULT.parse(reader(in)));
    } catch (CharacterCodingException e) {
      in.close();
      throw unreadable(file, e);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static Reader reader(InputStream in) throws IOException {
    Reader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
    return reader;
  }

  static InvalidConfigException unreadable(DataFile file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return file.problem("must exist: no such file");
    } else if (cause instanceof CharacterCodingException) {
      return file.problem("must be UTF-8 text: it holds bytes that are not");
    }
    return file.problem("must be readable as CSV: " + cause.getMessage());
  }

  List<String> header() {
    return header;
  }

  Optional<CSVRecord> next() {
    Optional<CSVRecord> next = nextRecord();
    if (next.isPresent() && next.get().size() != header.size()) {
      throw file.problem(
          line(),
          "every row must have the header's %d cells: cells=%d"
              .formatted(header.size(), next.get().size()));
    }
    return next;
  }

  private Optional<CSVRecord> nextRecord() {
    try {
      return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    } catch (UncheckedIOException e) {
      throw unreadable(file, Objects.requireNonNull(e.getCause()));
    }
  }

  float number(CSVRecord row, int column) {
    String text = row.get(column).strip();
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
          line(),
          "every cell must be a finite number: column='%s', value='%s'"
              .formatted(header.get(column), text));
    }
    return value;
  }

  /** Line on which the last row ends, from 1. */
  long line() {
    return parser.getCurrentLineNumber();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
