package io.espalier.trainer.data.source;

import io.espalier.trainer.data.TableEncoding.Column;
import io.espalier.trainer.data.TableEncoding.NumberColumn;
import io.espalier.trainer.data.TableEncoding.TextColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Counts cells whose encoding loses something, by column. Not thread-safe. */
final class CellNotices {
  private final Map<String, Count> unknown = new LinkedHashMap<>();
  private final Map<String, Count> gaps = new LinkedHashMap<>();

  private record Count(long cells, String shown) {}

  /** Counts a cell as {@link Column#write} takes it; {@code shown} is its text and place. */
  void note(Column column, float cell, Supplier<String> shown) {
    if (Float.isNaN(cell)) {
      if (!column.indicator()) {
        add(gaps, column.name(), () -> fill(column));
      }
    } else if (column instanceof TextColumn && cell == TextColumn.UNKNOWN) {
      add(unknown, column.name(), shown);
    }
  }

  private static String fill(Column column) {
    return column instanceof TextColumn text
        ? "'" + text.fill() + "'"
        : ((NumberColumn) column).fill().map(String::valueOf).orElse("none");
  }

  private static void add(Map<String, Count> counts, String column, Supplier<String> shown) {
    counts.compute(
        column,
        (name, count) ->
            count == null
                ? new Count(1, shown.get())
                : new Count(count.cells() + 1, count.shown()));
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    unknown.forEach(
        (column, count) ->
            texts.add(
                "column '%s': cells=%d with a text that no training row has, as %s; each counts as none of the column's categories"
                    .formatted(column, count.cells(), count.shown())));
    gaps.forEach(
        (column, count) ->
            texts.add(
                "column '%s': cells=%d without a value, where every training row has one; each counts as %s"
                    .formatted(column, count.cells(), count.shown())));
    return texts;
  }
}
