package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.TableConfig;
import io.espalier.trainer.data.TableEncoding;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a UTF-8 CSV file (RFC 4180, blank lines ignored). Every problem is an {@link
 * InvalidConfigException} that names file and line. Not thread-safe.
 */
final class CsvFile implements Closeable {
  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final int SAMPLE = 1 << 16;

  private final DataFile file;
  private final RowReader reader;
  private final CSVParser parser;
  private final char separator;
  private final Iterator<CSVRecord> records;
  private final boolean named;
  private final CSVRecord first;
  private final List<String> header;
  private boolean firstIsNext;

  /** The separator, and whether the first row names the columns. */
  record Form(Optional<Character> separator, boolean named) {
    static Form of(TableConfig table) {
      return new Form(table.separator(), table.header() != TableConfig.Header.NO);
    }
  }

  private CsvFile(DataFile file, RowReader reader, char separator, boolean named)
      throws IOException {
    this.file = file;
    this.reader = reader;
    this.parser = Separators.format(separator).parse(reader);
    this.separator = separator;
    this.records = parser.iterator();
    this.named = named;
    this.first =
        nextRecord()
            .orElseThrow(
                () ->
                    file.problem(
                        named
                            ? "must have a header row: the file is empty"
                            : "must have a row: the file is empty"));
    this.firstIsNext = !named;
    this.header =
        named ? first.stream().map(String::strip).toList() : TableEncoding.positional(first.size());
  }

  static CsvFile open(DataFile file, InputStream in, Form form) throws IOException {
    try {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), SAMPLE);
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      char separator = form.separator().isPresent() ? form.separator().get() : find(reader);
      return new CsvFile(file, new RowReader(reader), separator, form.named());
    } catch (IOException e) {
      in.close();
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static char find(BufferedReader reader) throws IOException {
    char[] sample = new char[SAMPLE];
    reader.mark(SAMPLE);
    int length = 0;
    int read = 0;
    while (length < SAMPLE && read >= 0) {
      length += read;
      read = reader.read(sample, length, SAMPLE - length);
    }
    reader.reset();
    return Separators.find(new String(sample, 0, length), length < SAMPLE);
  }

  static InvalidConfigException unreadable(DataFile file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return file.problem("must exist: no such file");
    } else if (cause instanceof CharacterCodingException) {
      return file.problem(
          "must be UTF-8 text: it holds bytes that are not; iconv -t UTF-8 converts a file");
    }
    file.requireAccess();
    return file.problem("must be readable as CSV: " + cause.getMessage());
  }

  /** Names of the columns, or their stand-ins if the first row has none. */
  List<String> header() {
    return header;
  }

  Optional<CSVRecord> next() {
    Optional<CSVRecord> next = firstIsNext ? Optional.of(first) : nextRecord();
    firstIsNext = false;
    if (next.isPresent() && next.get().size() != header.size()) {
      throw file.problem(
          line(),
          "every row must have the %s's %d cells: cells=%d, separator=%s"
              .formatted(
                  named ? "header" : "first row", header.size(), next.get().size(), separator()));
    }
    return next;
  }

  private Optional<CSVRecord> nextRecord() {
    reader.nextRow();
    try {
      return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    } catch (UncheckedIOException e) {
      throw unreadable(file, Objects.requireNonNull(e.getCause()));
    }
  }

  /** The separator as messages show it. */
  String separator() {
    return separator == '\t' ? "tab" : "'" + separator + "'";
  }

  /**
   * Whether the first row is a header that looks like values: all are numbers, or one has decimals.
   */
  boolean isHeaderDoubtful() {
    return named
        && (header.stream().allMatch(CellNumber::is)
            || header.stream().anyMatch(CellNumber::isFraction));
  }

  InvalidConfigException missingHeader(String because) {
    return file.problem(
        1,
        "the first row must name the columns, and looks like values: %s; add a row of names, or say data.header = no where there is none (columns are then column0, column1, …), data.header = yes where these are names: first row=%s"
            .formatted(because, shown(header)));
  }

  private static List<String> shown(List<String> cells) {
    return cells.size() <= 10 ? cells : cells.subList(0, 10);
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
