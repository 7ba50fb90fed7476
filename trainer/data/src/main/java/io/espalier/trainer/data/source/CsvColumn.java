package io.espalier.trainer.data.source;

import io.espalier.trainer.data.TableEncoding;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the cells of one column, as numbers or as texts, and counts what they are. Not thread-safe.
 */
final class CsvColumn {
  private static final int MOST_TEXTS = 10_001;
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d+,\\d+");

  private final DataFile file;
  private final String name;
  private final boolean isText;
  private final Map<String, Integer> texts;
  private long numbers;
  private long others;
  private long commas;
  private String firstOther = "";
  private long firstOtherLine;

  CsvColumn(DataFile file, String name, boolean isText) {
    this.file = file;
    this.name = name;
    this.isText = isText;
    this.texts = isText ? new HashMap<>() : Map.of();
  }

  String name() {
    return name;
  }

  boolean isText() {
    return isText;
  }

  /** Different texts by their indices, in the order of the file. */
  Map<String, Integer> texts() {
    return texts;
  }

  /** Returns the number of a cell or the index of its text; of a number column NaN for a text. */
  float read(String cell, long line) {
    if (isText) {
      return index(cell);
    }
    float value = CellNumber.parse(cell);
    if (Float.isInfinite(value)) {
      throw file.problem(
          line,
          "every cell must be a finite number: column='%s', value='%s'".formatted(name, cell));
    }
    if (!Float.isNaN(value)) {
      numbers++;
      return value;
    }
    if (others++ == 0) {
      firstOther = cell;
      firstOtherLine = line;
    }
    commas += DECIMAL_COMMA.matcher(cell).matches() ? 1 : 0;
    return TableEncoding.MISSING;
  }

  private int index(String cell) {
    others++;
    return texts.size() < MOST_TEXTS
        ? texts.computeIfAbsent(cell, text -> texts.size())
        : texts.getOrDefault(cell, 0);
  }

  /** Whether cells that were read as numbers are texts after all. */
  boolean turnsOutText() {
    return !isText && others > 0;
  }

  /** Says why the column cannot be learned from; {@code rows} is the number of its cells. */
  Optional<String> problem(int rows, int mostCategories) {
    if (numbers + others == 0) {
      return Optional.of(
          "a column must have a value: column='%s', all %d cells are missing; leave it out: data.ignore"
              .formatted(name, rows));
    }
    if (turnsOutText() && commas == others) {
      return Optional.of(
          "numbers must have decimal points: column='%s', value='%s'; convert the file, or leave the column out: data.ignore"
              .formatted(name, firstOther));
    }
    if (turnsOutText() && numbers >= others) {
      return Optional.of(
          "a column must hold numbers or text: column='%s', numbers=%d, others=%d, the first is '%s' in line %d; mend the file, add the text to data.missing if it stands for no value, name the column in data.text if its numbers are names, or leave it out: data.ignore"
              .formatted(name, numbers, others, firstOther, firstOtherLine));
    }
    if (texts.size() > mostCategories) {
      return Optional.of(
          "a column of text must have at most data.categories different texts: column='%s', texts=%s, categories=%d, as %s; leave it out: data.ignore, or raise data.categories"
              .formatted(
                  name,
                  texts.size() < MOST_TEXTS ? texts.size() : "more than " + (MOST_TEXTS - 1),
                  mostCategories,
                  examples()));
    }
    return Optional.empty();
  }

  private String examples() {
    return texts.keySet().stream()
        .sorted()
        .limit(3)
        .map(text -> "'" + text + "'")
        .collect(Collectors.joining(", "));
  }
}
