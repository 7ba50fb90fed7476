package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.TableConfig.Header;
import io.espalier.trainer.data.TableEncoding;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;

/**
 * The labelled rows of a file before they are encoded: a cell is a number, the index of a text of
 * its column, or missing. A file with columns of text is read twice.
 */
final class CsvTable {
  static final int MAX_VALUES = 1 << 28;

  private static final long MAX_BYTES = 1L << 31;

  private final DataFile file;
  private final DataConfig.Csv source;
  private final HeapRoom room;
  private final MessageDigest digest;
  private final CsvFile rows;
  private final CsvColumns chosen;
  private final Set<String> missing;
  private final List<CsvColumn> columns;
  private final CsvLabels labels;
  private float[] cells = new float[1 << 10];
  private int size;

  private CsvTable(
      DataFile file,
      DataConfig.Csv source,
      HeapRoom room,
      CsvFile rows,
      Set<String> texts,
      MessageDigest digest) {
    this.file = file;
    this.room = room;
    this.source = source;
    this.digest = digest;
    this.rows = rows;
    chosen = CsvColumns.of(file, rows, source.label(), source.table());
    missing = Set.copyOf(source.table().missing());
    labels = new CsvLabels(file.path(), chosen.labelName());
    columns =
        IntStream.range(0, chosen.names().size())
            .mapToObj(
                i -> {
                  String name = chosen.names().get(i);
                  return new CsvColumn(file, name, chosen.texts().get(i) || texts.contains(name));
                })
            .toList();
  }

  /** Reads a whole file, plain or gzipped; refuses columns that cannot be learned from. */
  static CsvTable read(DataFile file, DataConfig.Csv source, HeapRoom room) {
    CsvTable numbers = read(file, source, room, Set.of());
    Set<String> texts = new HashSet<>();
    for (CsvColumn column : numbers.columns) {
      if (column.turnsOutText()) {
        texts.add(column.name());
      }
    }
    numbers.requireSound();
    CsvTable table = texts.isEmpty() ? numbers : read(file, source, room, texts);
    table.requireSound();
    table.requireHeader();
    return table;
  }

  private static CsvTable read(
      DataFile file, DataConfig.Csv source, HeapRoom room, Set<String> texts) {
    MessageDigest digest = Sha256.begin();
    try (CsvFile rows =
        CsvFile.open(
            file, new DigestInputStream(bounded(file), digest), CsvFile.Form.of(source.table()))) {
      CsvTable table = new CsvTable(file, source, room, rows, texts, digest);
      for (Optional<CSVRecord> row = rows.next(); row.isPresent(); row = rows.next()) {
        table.add(row.get());
      }
      if (table.rowCount() == 0) {
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
    return InputFile.content(file);
  }

  private void add(CSVRecord row) {
    grow(columns.size());
    for (int column = 0; column < columns.size(); column++) {
      String cell = row.get(chosen.positions().get(column)).strip();
      cells[size++] =
          missing.contains(cell)
              ? TableEncoding.MISSING
              : columns.get(column).read(cell, rows.line());
    }
    String label = row.get(chosen.label()).strip();
    if (missing.contains(label)) {
      throw file.problem(
          rows.line(),
          label.isEmpty()
              ? "a label must not be empty: column='%s'".formatted(chosen.labelName())
              : "a label must not be missing: column='%s', value='%s'; remove the row, or take the text out of data.missing if it is a class"
                  .formatted(chosen.labelName(), label));
    }
    labels.add(label);
  }

  private void grow(int added) {
    if (size + (long) added > MAX_VALUES) {
      throw file.problem("must have at most " + MAX_VALUES + " cells");
    }
    if (size + added > cells.length) {
      int length = Math.max(Math.min(2 * cells.length, MAX_VALUES), size + added);
      requireRoom((long) cells.length + length, "cells");
      cells = Arrays.copyOf(cells, length);
    }
  }

  /** Refuses what does not fit beside the cells of this table; {@code values} are 4 bytes each. */
  void requireRoom(long values, String what) {
    if (!room.fits(values * Float.BYTES)) {
      throw file.problem(
          "must have %s that fit into half of the Java heap: rows=%d, columns=%d, half of the heap=%d MB; %s, take fewer rows or columns (data.columns, data.ignore), or a stream (data.kind = kafka)"
              .formatted(what, rowCount(), columns.size(), room.megabytes(), HeapRoom.MORE));
    }
  }

  private void requireSound() {
    List<Problem> problems = new ArrayList<>();
    for (CsvColumn column : columns) {
      column
          .problem(rowCount(), source.table().categories())
          .ifPresent(rule -> problems.addAll(file.problem(rule).problems()));
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  /** The texts of a first row of values occur below it, or stand beside numbers and do. */
  private void requireHeader() {
    List<String> repeated =
        Stream.concat(
                columns.stream()
                    .filter(column -> column.texts().containsKey(column.name()))
                    .map(CsvColumn::name),
                Stream.of(chosen.labelName()).filter(labels::contains))
            .toList();
    boolean besideNumbers = rows.header().stream().anyMatch(CellNumber::is);
    if (source.table().header() == Header.AUTO && repeated.size() >= (besideNumbers ? 1 : 2)) {
      throw rows.missingHeader("%s are values of their columns too".formatted(repeated));
    }
  }

  int rowCount() {
    return labels.count();
  }

  long cellCount() {
    return size;
  }

  /** A number, the index of a text, or {@link TableEncoding#MISSING}. */
  float cell(int row, int column) {
    return cells[row * columns.size() + column];
  }

  List<CsvColumn> columns() {
    return columns;
  }

  CsvLabels labels() {
    return labels;
  }

  String labelName() {
    return chosen.labelName();
  }

  /** Cells of a row of the file, the columns that are left out included. */
  int width() {
    return rows.header().size();
  }

  /** The digest of the unpacked content; more may be added. */
  MessageDigest digest() {
    return digest;
  }
}
