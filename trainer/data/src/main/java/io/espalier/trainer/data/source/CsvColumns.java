package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.TableConfig;
import io.espalier.trainer.file.NamePattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * The columns of a file that a recipe learns from.
 *
 * @param label position of the label
 * @param positions of the other columns, in the order of the file
 * @param names of those
 * @param texts whether the recipe says that a column is text
 */
record CsvColumns(
    String labelName, int label, List<Integer> positions, List<String> names, List<Boolean> texts) {
  private static final int MAX_COLUMNS = 1_000_000;

  /** Chooses the columns by names, globs and indices of a recipe; refuses those that do not fit. */
  static CsvColumns of(DataFile file, CsvFile rows, String label, TableConfig table) {
    List<String> header = rows.header();
    if (rows.isHeaderDoubtful() && table.header() == TableConfig.Header.AUTO) {
      throw rows.missingHeader("it holds numbers");
    }
    if (header.size() < 2 || header.size() > MAX_COLUMNS) {
      throw file.problem(
          1,
          "must have a label and 1 to %d other columns: columns=%d, separator=%s"
              .formatted(MAX_COLUMNS - 1, header.size(), rows.separator()));
    }
    int labelAt = labelPosition(file, header, label.strip());
    List<Integer> positions = chosen(file, header, labelAt, table);
    requireNames(file, header, positions, labelAt);
    List<NamePattern> text = patterns(file, "text", table.text(), header);
    return new CsvColumns(
        header.get(labelAt),
        labelAt,
        positions,
        positions.stream().map(header::get).toList(),
        positions.stream().map(at -> NamePattern.anyMatches(text, header.get(at))).toList());
  }

  static int labelPosition(DataFile file, List<String> header, String label) {
    return position(file, header, "label", label);
  }

  /**
   * Position of a column by its name, else by its index.
   *
   * @param what the column holds, for messages
   */
  static int position(DataFile file, List<String> header, String what, String column) {
    int index = header.indexOf(column);
    if (index < 0 && column.matches("\\d{1,7}")) {
      index = Integer.parseInt(column);
    }
    if (index < 0 || index >= header.size()) {
      throw file.problem(
          1,
          "must have the %1$s's column: %1$s='%2$s', columns=%3$d; nearest name is '%4$s', and an index is from 0 to %5$d"
              .formatted(what, column, header.size(), nearest(header, column), header.size() - 1));
    }
    return index;
  }

  private static String nearest(List<String> header, String name) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return header.stream()
        .min(Comparator.comparingInt(column -> distance.apply(column, name)))
        .orElseThrow();
  }

  private static List<Integer> chosen(
      DataFile file, List<String> header, int label, TableConfig table) {
    List<NamePattern> wanted = patterns(file, "columns", table.columns(), header);
    List<NamePattern> ignored = patterns(file, "ignore", table.ignore(), header);
    List<Integer> positions =
        IntStream.range(0, header.size())
            .filter(at -> at != label)
            .filter(at -> wanted.isEmpty() || NamePattern.anyMatches(wanted, name(header, at)))
            .filter(at -> !NamePattern.anyMatches(ignored, name(header, at)))
            .boxed()
            .toList();
    if (positions.isEmpty()) {
      throw file.problem(
          "must have a column beside the label that data.columns and data.ignore leave: columns=%s, ignore=%s"
              .formatted(table.columns(), table.ignore()));
    }
    return positions;
  }

  /** Patterns of a key, each of which must match a column. */
  private static List<NamePattern> patterns(
      DataFile file, String key, List<String> texts, List<String> header) {
    List<NamePattern> patterns = NamePattern.all(texts);
    List<Problem> problems = new ArrayList<>();
    for (NamePattern pattern : patterns) {
      if (IntStream.range(0, header.size()).noneMatch(at -> pattern.matches(name(header, at)))) {
        problems.addAll(
            new DataFile(file.path(), "data." + key)
                .problem(
                    "each name or glob must match a column: name='%s'; nearest name is '%s'"
                        .formatted(pattern.text(), nearest(header, pattern.text())))
                .problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return patterns;
  }

  /** A column without a name can be named by its position. */
  private static String name(List<String> header, int position) {
    String name = header.get(position);
    return name.isEmpty() ? "column" + position : name;
  }

  private static void requireNames(
      DataFile file, List<String> header, List<Integer> positions, int label) {
    Set<String> seen = new HashSet<>(Set.of(header.get(label)));
    for (int position : positions) {
      String name = header.get(position);
      if (name.isEmpty()) {
        throw file.problem(
            1,
            "must name each column: index=%d has no name, as a column of row numbers often has none; name it, or leave it out: data.ignore = [column%d]"
                .formatted(position, position));
      }
      if (!seen.add(name)) {
        throw file.problem(
            1,
            "must name each column once: column='%s'; rename one, or say data.header = no if the first row is one of values"
                .formatted(name));
      }
    }
  }
}
