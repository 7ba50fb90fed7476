package io.espalier.trainer.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Finds the sign between the cells of a table. */
final class Separators {
  private static final String CANDIDATES = ",;\t|";
  private static final int MOST_ROWS = 100;

  private Separators() {}

  /**
   * Returns the candidate that divides most rows into as many cells as the first row, two or more;
   * of those, the one with most cells; else a comma.
   *
   * @param sample the beginning of a file
   * @param isWhole whether the file ends there; otherwise the last row counts only if it is the
   *     first
   */
  static char find(String sample, boolean isWhole) {
    char best = CANDIDATES.charAt(0);
    Fit bestFit = new Fit(0, 0);
    for (int i = 0; i < CANDIDATES.length(); i++) {
      char candidate = CANDIDATES.charAt(i);
      Fit fit = fit(sample, candidate, isWhole);
      if (fit.isBetterThan(bestFit)) {
        best = candidate;
        bestFit = fit;
      }
    }
    return best;
  }

  static CSVFormat format(char separator) {
    return CSVFormat.DEFAULT.builder().setDelimiter(separator).get();
  }

  private record Fit(int rows, int cells) {
    boolean isBetterThan(Fit other) {
      return cells >= 2 && (rows > other.rows || (rows == other.rows && cells > other.cells));
    }
  }

  private static Fit fit(String sample, char separator, boolean isWhole) {
    List<Integer> sizes = sizes(sample, separator);
    if (!isWhole && sizes.size() > 1 && sizes.size() < MOST_ROWS) {
      sizes.remove(sizes.size() - 1);
    }
    if (sizes.isEmpty()) {
      return new Fit(0, 0);
    }
    int first = sizes.get(0);
    return new Fit((int) sizes.stream().filter(size -> size == first).count(), first);
  }

  /** Cells of each row before one that is broken under this separator. */
  private static List<Integer> sizes(String sample, char separator) {
    List<Integer> sizes = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(sample, format(separator))) {
      for (CSVRecord row : parser) {
        if (sizes.size() == MOST_ROWS) {
          break;
        }
        sizes.add(row.size());
      }
    } catch (UncheckedIOException | IOException e) {
      return sizes;
    }
    return sizes;
  }
}
