package io.espalier.federation.simulation;

import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the files of clients' behaviour: a header, then a line of numbers for each fact. */
final class TraceReader {
  private static final String NAME_PREFIX = "client-";

  private TraceReader() {}

  /** {@code client} counts from 0, {@code line} from 1. */
  record Fact(int client, double first, double second, int line) {}

  /**
   * Reads the facts in file order; throws {@link MalformedFileException} naming the line that
   * breaks a rule.
   */
  static List<Fact> read(Path file, String header, int clients) throws IOException {
    List<String> lines = lines(file);
    if (lines.isEmpty() || !lines.get(0).replace(" ", "").equals(header)) {
      throw new MalformedFileException(
          file,
          "the first line must name the columns: expected=%s, found=%s"
              .formatted(header, lines.isEmpty() ? "nothing" : lines.get(0)));
    }
    List<Fact> facts = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        facts.add(fact(file, header, lines.get(i), i + 1, clients));
      }
    }
    return facts;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new MalformedFileException(file, "the file must be text in UTF-8", e);
    }
  }

  private static Fact fact(Path file, String header, String text, int line, int clients)
      throws MalformedFileException {
    String[] cells = text.split(",", -1);
    if (cells.length != 3) {
      throw new MalformedFileException(
          file,
          "each line must have the columns %s: line=%d, columns=%d"
              .formatted(header, line, cells.length));
    }
    return new Fact(
        client(file, cells[0].strip(), line, clients),
        number(file, cells[1].strip(), line),
        number(file, cells[2].strip(), line),
        line);
  }

  private static int client(Path file, String cell, int line, int clients)
      throws MalformedFileException {
    String digits = cell.startsWith(NAME_PREFIX) ? cell.substring(NAME_PREFIX.length()) : cell;
    long number = digits.matches("\\d{1,9}") ? Long.parseLong(digits) : 0;
    if (number < 1 || number > clients) {
      throw new MalformedFileException(
          file,
          "a client must be a number from 1 to the number of clients: line=%d, client=%s, clients=%d"
              .formatted(line, cell, clients));
    }
    return (int) number - 1;
  }

  private static double number(Path file, String cell, int line) throws MalformedFileException {
    double value;
    try {
      value = Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (value >= 0 && Double.isFinite(value)) {
      return value;
    }
    throw new MalformedFileException(
        file, "times and speeds must be numbers from 0: line=%d, value=%s".formatted(line, cell));
  }
}
