package io.espalier.configs;

import java.util.List;
import java.util.Optional;

/**
 * How a CSV file is read. A column is named in full or by a glob, in which {@code *} is any text
 * and {@code ?} one character.
 *
 * @param columns to learn from; empty for all but the label's
 * @param ignore columns of those to leave out
 * @param text columns that are text even where their cells are numbers
 * @param missing texts of cells that stand for no value; white space around a cell does not count
 * @param separator between cells; empty if the file shows it
 * @param categories the most different texts that a column may have
 */
public record TableConfig(
    List<String> columns,
    List<String> ignore,
    List<String> text,
    List<String> missing,
    Optional<Character> separator,
    Header header,
    int categories) {
  /** A recipe without these keys has these settings. */
  public static final TableConfig DEFAULT =
      new TableConfig(
          List.of(),
          List.of(),
          List.of(),
          List.of("", "NA", "N/A", "NaN", "nan", "NULL", "null", "?"),
          Optional.empty(),
          Header.AUTO,
          64);

  private static final int MAX_CATEGORIES = 10_000;

  public TableConfig {
    columns = List.copyOf(columns);
    ignore = List.copyOf(ignore);
    text = List.copyOf(text);
    missing = List.copyOf(missing);
    new Rules()
        .require(
            "categories",
            categories,
            categories >= 1 && categories <= MAX_CATEGORIES,
            "from 1 to 10,000")
        .verify();
  }

  /** Whether the first row names the columns. */
  public enum Header {
    /** It does; a first row that looks like values is refused. */
    AUTO,
    YES,
    /** The columns are named {@code column0}, {@code column1}, … */
    NO
  }
}
