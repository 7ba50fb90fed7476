package io.espalier.trainer.data;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.TableConfig;
import io.espalier.configs.file.Json;
import io.espalier.trainer.network.ImageShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How the cells of a table's rows become inputs; fills and categories are learned from the training
 * rows. Stored with the model as JSON.
 *
 * @param label name of the label's column; empty if unknown
 * @param cells of a row in a file without a header, whose columns are named by {@link #positional};
 *     empty if the first row names the columns
 * @param missing texts of cells that stand for no value
 * @param columns in the order of their inputs; each is found by its name
 */
public record TableEncoding(
    Optional<String> label, Optional<Integer> cells, List<String> missing, List<Column> columns)
    implements InputEncoding {
  /** A cell without a value, as a number. */
  public static final float MISSING = Float.NaN;

  private static final int MOST_CHARACTERS = 1 << 26;

  public TableEncoding {
    missing = List.copyOf(missing);
    columns = List.copyOf(columns);
    Set<String> names = new TreeSet<>(columns.stream().map(Column::name).toList());
    if (columns.isEmpty() || names.size() < columns.size()) {
      throw new IllegalArgumentException(
          "a table must have columns, each with a name of its own: columns=%d, names=%d"
              .formatted(columns.size(), names.size()));
    }
  }

  /** A column of the table. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = NumberColumn.class, name = "number"),
    @JsonSubTypes.Type(value = TextColumn.class, name = "text")
  })
  public sealed interface Column {
    String name();

    /** Whether there is one more input, 1 where a cell is missing and 0 elsewhere. */
    boolean indicator();

    /** Names of its inputs, the indicator last. */
    List<String> features();

    /** Writes the inputs of a cell, {@link #MISSING}, a number or a category's index. */
    void write(float cell, float[] target, int at);
  }

  /**
   * One input: the number.
   *
   * @param fill the number of a missing cell, the mean of the training rows; empty if no cell may
   *     be missing
   */
  public record NumberColumn(String name, Optional<Float> fill, boolean indicator)
      implements Column {
    public NumberColumn {
      if (!fill.map(Float::isFinite).orElse(!indicator)) {
        throw new IllegalArgumentException(
            "a fill must be a finite number, and present with an indicator: column='%s', fill=%s"
                .formatted(name, fill));
      }
    }

    @Override
    public List<String> features() {
      return indicator ? List.of(name, absent(name)) : List.of(name);
    }

    @Override
    public void write(float cell, float[] target, int at) {
      boolean isMissing = Float.isNaN(cell);
      target[at] = isMissing ? fill.orElseThrow() : cell;
      if (indicator) {
        target[at + 1] = isMissing ? 1 : 0;
      }
    }
  }

  /**
   * One input per category: 1 for that of the cell, else 0; all are 0 for a text that is none.
   *
   * @param categories in lexicographic order of UTF-16
   * @param fill the category of a missing cell, the most frequent of the training rows
   */
  public record TextColumn(String name, List<String> categories, String fill, boolean indicator)
      implements Column {
    /** A text that is no category. */
    public static final int UNKNOWN = -1;

    public TextColumn {
      categories = List.copyOf(categories);
      if (!categories.contains(fill)
          || !List.copyOf(new TreeSet<>(categories)).equals(categories)) {
        throw new IllegalArgumentException(
            "categories must be in order, and one must be the fill: column='%s', fill='%s', categories=%s"
                .formatted(name, fill, categories));
      }
    }

    /** The index of a text, or {@link #UNKNOWN}. */
    public int index(String text) {
      return Math.max(UNKNOWN, Collections.binarySearch(categories, text));
    }

    @Override
    public List<String> features() {
      Stream<String> inputs = categories.stream().map(category -> name + "=" + category);
      return Stream.concat(inputs, indicator ? Stream.of(absent(name)) : Stream.of()).toList();
    }

    @Override
    public void write(float cell, float[] target, int at) {
      int categoryCount = categories.size();
      boolean isMissing = Float.isNaN(cell);
      int category = isMissing ? index(fill) : (int) cell;
      for (int i = 0; i < categoryCount; i++) {
        target[at + i] = i == category ? 1 : 0;
      }
      if (indicator) {
        target[at + categoryCount] = isMissing ? 1 : 0;
      }
    }
  }

  private static String absent(String column) {
    return column + " missing";
  }

  /** Names of the columns of rows without a header: column0, column1, … */
  public static List<String> positional(int cells) {
    return Stream.iterate(0, i -> i + 1).limit(cells).map(i -> "column" + i).toList();
  }

  /** Columns of numbers, none of which may be missing. */
  public static TableEncoding ofNumbers(List<String> names) {
    return new TableEncoding(
        Optional.empty(),
        Optional.empty(),
        TableConfig.DEFAULT.missing(),
        names.stream()
            .<Column>map(name -> new NumberColumn(name, Optional.empty(), false))
            .toList());
  }

  /** Names of all inputs. */
  public List<String> features() {
    return columns.stream().flatMap(column -> column.features().stream()).toList();
  }

  /** For each input, whether it is a number of the table, not a 0 or 1 of the encoding. */
  public List<Boolean> numbers() {
    List<Boolean> numbers = new ArrayList<>();
    for (Column column : columns) {
      for (int i = 0; i < column.features().size(); i++) {
        numbers.add(i == 0 && column instanceof NumberColumn);
      }
    }
    return numbers;
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(1, 1, features().size());
  }

  @Override
  public void requireFit(ImageShape input, List<String> inputs) {
    if (!features().equals(inputs)) {
      throw new IllegalArgumentException(
          "an encoding must give the table's inputs: inputs=%s, columns=%s"
              .formatted(features(), inputs));
    }
  }

  @Override
  public String toJson() {
    try {
      return Json.LENIENT.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an encoding must be plain values: columns=" + columns, e);
    }
  }

  /** Reads untrusted {@link #toJson}; throws {@link IllegalArgumentException} if it is invalid. */
  public static TableEncoding parse(String json) {
    try {
      if (json.length() > MOST_CHARACTERS) {
        throw new IllegalArgumentException("at most %d characters".formatted(MOST_CHARACTERS));
      }
      return Optional.ofNullable(Json.LENIENT.readValue(json, TableEncoding.class))
          .orElseThrow(() -> new IllegalArgumentException("nothing"));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a table's encoding must be valid: %s: encoding=%s"
              .formatted(e.getMessage(), json.substring(0, Math.min(100, json.length()))),
          e);
    }
  }
}
