package io.espalier.trainer.data.source;

import io.espalier.trainer.data.TableEncoding;
import io.espalier.trainer.data.TableEncoding.Column;
import io.espalier.trainer.data.TableEncoding.NumberColumn;
import io.espalier.trainer.data.TableEncoding.TextColumn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;

/** Encodes the rows of a file that has the columns of an encoding, and perhaps others. */
final class RowEncoder {
  private final DataFile file;
  private final List<Column> columns;
  private final int[] positions;
  private final int[] offsets;
  private final Set<String> missing;
  private final CellNotices notices = new CellNotices();

  /** Finds the columns by their names, in any order. */
  RowEncoder(DataFile file, TableEncoding encoding, CsvFile rows, List<String> header) {
    this.file = file;
    this.columns = encoding.columns();
    this.missing = Set.copyOf(encoding.missing());
    Map<String, Integer> known = new HashMap<>();
    Set<String> repeated = new HashSet<>();
    for (int i = 0; i < header.size(); i++) {
      if (known.putIfAbsent(header.get(i), i) != null) {
        repeated.add(header.get(i));
      }
    }
    requireColumns(rows, header, known.keySet(), repeated);
    positions =
        columns.stream().mapToInt(each -> Objects.requireNonNull(known.get(each.name()))).toArray();
    int[] widths = columns.stream().mapToInt(column -> column.features().size()).toArray();
    offsets = new int[widths.length + 1];
    for (int i = 0; i < widths.length; i++) {
      offsets[i + 1] = offsets[i] + widths[i];
    }
  }

  private void requireColumns(
      CsvFile rows, List<String> header, Set<String> known, Set<String> repeated) {
    List<String> absent =
        columns.stream().map(Column::name).filter(name -> !known.contains(name)).toList();
    if (!absent.isEmpty()) {
      throw file.problem(
          1,
          "%s: missing=%s, columns=%s, separator=%s"
              .formatted(
                  rows.isHeaderDoubtful()
                      ? "the first row must name the columns, and looks like values"
                      : "must have every column that the network was trained on",
                  absent,
                  header,
                  rows.separator()));
    }
    columns.stream()
        .map(Column::name)
        .filter(repeated::contains)
        .findFirst()
        .ifPresent(
            column -> {
              throw file.problem(
                  1,
                  "must have the column once: column='%s', columns=%s".formatted(column, header));
            });
  }

  int features() {
    return offsets[columns.size()];
  }

  List<String> notices() {
    return notices.texts();
  }

  /** Writes the inputs of a row to {@code target} from {@code at} on. */
  void encode(CSVRecord row, long line, float[] target, int at) {
    for (int i = 0; i < positions.length; i++) {
      Column column = columns.get(i);
      String text = row.get(positions[i]).strip();
      float cell = cell(column, text, line);
      notices.note(column, cell, () -> "'%s' in line %d".formatted(text, line));
      column.write(cell, target, at + offsets[i]);
    }
  }

  private float cell(Column column, String text, long line) {
    boolean mayBeMissing = !(column instanceof NumberColumn number) || number.fill().isPresent();
    if (mayBeMissing && missing.contains(text)) {
      return TableEncoding.MISSING;
    }
    if (column instanceof TextColumn texts) {
      return texts.index(text);
    }
    float value = CellNumber.parse(text);
    if (!Float.isFinite(value)) {
      throw file.problem(
          line,
          "every cell must be a finite number: column='%s', value='%s'"
              .formatted(column.name(), text));
    }
    return value;
  }
}
