package io.espalier.trainer.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a diagnostic found: figures, tables and remarks in display order. Immutable.
 *
 * @param title of a section
 * @param notes sentences: on what it was measured, what a figure cannot say
 */
public record Finding(String title, List<Figure> figures, List<Table> tables, List<String> notes) {
  public Finding {
    figures = List.copyOf(figures);
    tables = List.copyOf(tables);
    notes = List.copyOf(notes);
  }

  /** How a value is shown; it is a {@link String}, {@link Long} or {@link Double} accordingly. */
  public enum Format {
    TEXT(String.class),
    COUNT(Long.class),
    /** From 0 to 1; shown in percent. */
    SHARE(Double.class),
    /** A share with a bar beside it. */
    BAR(Double.class),
    /** NaN where there is none. */
    NUMBER(Double.class);

    private final Class<?> type;

    Format(Class<?> type) {
      this.type = type;
    }
  }

  /**
   * Describes what a value is.
   *
   * @param key in JSON
   * @param label in text
   */
  public record Heading(String key, String label, Format format) {
    private void requireFit(Object value) {
      if (!format.type.isInstance(value)) {
        throw new IllegalArgumentException(
            "a value must be of its heading's type: key=%s, format=%s, value=%s"
                .formatted(key, format, value));
      }
    }

    private Map<String, Object> facts() {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("key", key);
      facts.put("label", label);
      facts.put("format", format.name().toLowerCase(Locale.ROOT));
      return facts;
    }
  }

  public record Figure(Heading heading, Object value) {
    public Figure {
      heading.requireFit(value);
    }
  }

  /**
   * Rows of values under headings.
   *
   * @param title empty for a section's only table
   */
  public record Table(String title, List<Heading> headings, List<List<Object>> rows) {
    public Table {
      headings = List.copyOf(headings);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<Object> row : rows) {
        if (row.size() != headings.size()) {
          throw new IllegalArgumentException(
              "a row must have a value per heading: headings=%d, row=%s"
                  .formatted(headings.size(), row));
        }
        for (int i = 0; i < row.size(); i++) {
          headings.get(i).requireFit(row.get(i));
        }
      }
    }

    private Map<String, Object> facts() {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("title", title);
      facts.put("headings", headings.stream().map(Heading::facts).toList());
      facts.put("rows", rows.stream().map(Table::plain).toList());
      return facts;
    }

    private static List<Object> plain(List<Object> row) {
      List<Object> values = new ArrayList<>();
      row.forEach(value -> values.add(Finding.plain(value)));
      return values;
    }
  }

  static Finding titled(String title) {
    return new Finding(title, List.of(), List.of(), List.of());
  }

  Finding text(String key, String label, String value) {
    return with(new Heading(key, label, Format.TEXT), value);
  }

  Finding count(String key, String label, long value) {
    return with(new Heading(key, label, Format.COUNT), value);
  }

  Finding share(String key, String label, double value) {
    return with(new Heading(key, label, Format.SHARE), value);
  }

  Finding number(String key, String label, double value) {
    return with(new Heading(key, label, Format.NUMBER), value);
  }

  private Finding with(Heading heading, Object value) {
    List<Figure> more = new ArrayList<>(figures);
    more.add(new Figure(heading, value));
    return new Finding(title, more, tables, notes);
  }

  Finding table(String name, List<Heading> headings, List<List<Object>> rows) {
    List<Table> more = new ArrayList<>(tables);
    more.add(new Table(name, headings, rows));
    return new Finding(title, figures, more, notes);
  }

  Finding note(String sentence) {
    List<String> more = new ArrayList<>(notes);
    more.add(sentence);
    return new Finding(title, figures, tables, more);
  }

  /** This finding as plain values, for JSON: figures by key, tables with headings and rows. */
  public Map<String, Object> facts() {
    Map<String, Object> byKey = new LinkedHashMap<>();
    for (Figure figure : figures) {
      Map<String, Object> facts = figure.heading().facts();
      facts.remove("key");
      facts.put("value", plain(figure.value()));
      byKey.put(figure.heading().key(), facts);
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("title", title);
    facts.put("figures", byKey);
    facts.put("tables", tables.stream().map(Table::facts).toList());
    facts.put("notes", notes);
    return facts;
  }

  /** JSON has no NaN. */
  private static @Nullable Object plain(Object value) {
    return value instanceof Double number && !Double.isFinite(number) ? null : value;
  }
}
