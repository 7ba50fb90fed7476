package io.espalier.trainer.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table of finite numbers with one column of labels, read from a comma-separated UTF-8 file with
 * a header row (RFC 4180, blank lines ignored).
 *
 * <p>Immutable and thread-safe.
 */
final class CsvTable {
  private static final long MAX_BYTES = 1L << 31;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final CsvHeader header;
  private final CsvRows rows;

  private CsvTable(CsvHeader header, CsvRows rows) {
    this.header = header;
    this.rows = rows;
  }

  /**
   * Reads a whole file, whose bytes also go into {@code digest}.
   *
   * @param label name of the label's column, or its index from 0 if no column has that name
   * @throws io.espalier.configs.InvalidConfigException naming file, line, column and value of the
   *     first problem
   */
  public static CsvTable read(DataFile file, String label, MessageDigest digest) {
    try (InputStream in = bounded(file);
        Reader reader = reader(new DigestInputStream(in, digest));
        CSVParser parser = CSVFormat.DEFAULT.parse(reader)) {
      return read(file, label, parser);
    } catch (UncheckedIOException e) {
      throw file.problem(unreadable(Objects.requireNonNull(e.getCause())));
    } catch (IOException e) {
      throw file.problem(unreadable(e));
    }
  }

  private static InputStream bounded(DataFile file) throws IOException {
    long bytes = Files.size(file.path());
    if (bytes > MAX_BYTES) {
      throw file.problem("must have at most " + MAX_BYTES + " bytes: bytes=" + bytes);
    }
    return Files.newInputStream(file.path());
  }

  /** Decodes UTF-8, strictly, without a byte order mark. */
  static Reader reader(InputStream in) throws IOException {
    Reader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
    return reader;
  }

  /** What is wrong with a file that cannot be read; completes "must …". */
  static String unreadable(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "must exist: no such file";
    } else if (cause instanceof CharacterCodingException) {
      return "must be UTF-8 text: it holds bytes that are not";
    }
    return "must be readable as CSV: " + cause.getMessage();
  }

  private static CsvTable read(DataFile file, String label, CSVParser parser) {
    Iterator<CSVRecord> records = parser.iterator();
    if (!records.hasNext()) {
      throw file.problem("must have a header row: the file is empty");
    }
    CsvHeader header = CsvHeader.of(file, records.next().toList(), label);
    CsvRows rows = new CsvRows(file, header);
    while (records.hasNext()) {
      rows.add(records.next(), parser.getCurrentLineNumber());
    }
    if (rows.count() == 0) {
      throw file.problem("must have a row below its header: rows=0");
    }
    return new CsvTable(header, rows);
  }

  public List<String> features() {
    return header.features();
  }

  public String label() {
    return header.label();
  }

  public int count() {
    return rows.count();
  }

  public List<String> labels() {
    return List.copyOf(rows.labels());
  }

  public long line(int row) {
    return rows.line(row);
  }

  public float[] values() {
    return rows.values();
  }
}
