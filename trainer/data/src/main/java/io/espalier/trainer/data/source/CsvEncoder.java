package io.espalier.trainer.data.source;

import io.espalier.configs.TableConfig;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TableEncoding;
import io.espalier.trainer.data.TableEncoding.Column;
import io.espalier.trainer.data.TableEncoding.NumberColumn;
import io.espalier.trainer.data.TableEncoding.TextColumn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Learns the encoding of a table from some of its rows, and encodes all. */
final class CsvEncoder {
  private final DataFile file;
  private final CsvTable table;

  CsvEncoder(DataFile file, CsvTable table) {
    this.file = file;
    this.table = table;
  }

  /** Means, most frequent texts, categories and indicators of the training rows. */
  TableEncoding learn(int[] training, TableConfig config) {
    boolean named = config.header() != TableConfig.Header.NO;
    return new TableEncoding(
        Optional.of(table.labelName()),
        named ? Optional.empty() : Optional.of(table.width()),
        config.missing(),
        IntStream.range(0, table.columns().size())
            .mapToObj(column -> learn(column, training))
            .toList());
  }

  private Column learn(int column, int[] training) {
    CsvColumn read = table.columns().get(column);
    int missing =
        (int) IntStream.of(training).filter(row -> Float.isNaN(table.cell(row, column))).count();
    if (missing == training.length) {
      throw file.problem(
          "a column must have a value in a training row: column='%s', training rows=%d; leave it out: data.ignore"
              .formatted(read.name(), training.length));
    }
    return read.isText()
        ? texts(read, column, training, missing > 0)
        : new NumberColumn(read.name(), Optional.of(mean(column, training)), missing > 0);
  }

  private float mean(int column, int[] training) {
    return (float)
        IntStream.of(training)
            .mapToDouble(row -> table.cell(row, column))
            .filter(cell -> !Double.isNaN(cell))
            .average()
            .orElseThrow();
  }

  private TextColumn texts(CsvColumn read, int column, int[] training, boolean indicator) {
    int[] counts = new int[read.texts().size()];
    for (int row : training) {
      float cell = table.cell(row, column);
      if (!Float.isNaN(cell)) {
        counts[(int) cell]++;
      }
    }
    Map<String, Integer> frequencies = new TreeMap<>();
    read.texts()
        .forEach(
            (text, index) -> {
              if (counts[index] > 0) {
                frequencies.put(text, counts[index]);
              }
            });
    int most = frequencies.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    String fill =
        frequencies.entrySet().stream()
            .filter(each -> each.getValue() == most)
            .findFirst()
            .orElseThrow()
            .getKey();
    return new TextColumn(read.name(), List.copyOf(frequencies.keySet()), fill, indicator);
  }

  /** Encodes all rows; {@code notices} counts what test rows lose. */
  Examples encode(TableEncoding encoding, int[] labels, CellNotices notices) {
    int features = encoding.features().size();
    if ((long) features * labels.length > CsvTable.MAX_VALUES) {
      throw file.problem(
          "must have at most %d inputs in all rows: rows=%d, inputs of a row=%d; leave columns of text out: data.ignore"
              .formatted(CsvTable.MAX_VALUES, labels.length, features));
    }
    table.requireRoom(2L * features * labels.length + table.cellCount(), "inputs");
    float[] values = new float[features * labels.length];
    int at = 0;
    for (int i = 0; i < encoding.columns().size(); i++) {
      Column column = encoding.columns().get(i);
      String[] texts = texts(table.columns().get(i));
      int[] categories = categories(column, texts);
      for (int row = 0; row < labels.length; row++) {
        float cell = table.cell(row, i);
        boolean isText = texts.length > 0 && !Float.isNaN(cell);
        float known = isText ? categories[(int) cell] : cell;
        notices.note(column, known, () -> "'" + texts[(int) cell] + "'");
        column.write(known, values, row * features + at);
      }
      at += column.features().size();
    }
    return Examples.ofFloats(values, labels);
  }

  /** The texts of a column by their indices; empty for numbers. */
  private static String[] texts(CsvColumn read) {
    String[] texts = new String[read.texts().size()];
    read.texts().forEach((text, index) -> texts[index] = text);
    return texts;
  }

  private static int[] categories(Column column, String[] texts) {
    return column instanceof TextColumn known
        ? Stream.of(texts).mapToInt(known::index).toArray()
        : new int[0];
  }
}
