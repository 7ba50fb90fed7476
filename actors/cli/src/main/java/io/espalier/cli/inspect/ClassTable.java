package io.espalier.cli.inspect;

import io.espalier.cli.console.TextTable;
import io.espalier.trainer.model.ClassAccuracies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The accuracy on each class, with the answer that most of its errors give. */
final class ClassTable {
  private static final String NOTHING = "-";

  private ClassTable() {}

  static String text(ClassAccuracies all) {
    TextTable table =
        TextTable.withHeader(
            List.of("class", "examples", "correct", "accuracy", "most taken for", "times"));
    for (int i = 0; i < all.classes().size(); i++) {
      int error = mostTaken(all, i);
      table.row(
          List.of(
              all.classes().get(i),
              String.format(Locale.ROOT, "%,d", all.examples(i)),
              String.format(Locale.ROOT, "%,d", all.correct(i)),
              all.examples(i) == 0
                  ? NOTHING
                  : String.format(Locale.ROOT, "%.2f %%", 100.0 * all.correct(i) / all.examples(i)),
              error < 0 ? NOTHING : all.classes().get(error),
              error < 0
                  ? NOTHING
                  : String.format(Locale.ROOT, "%,d", all.counts().get(i).get(error))));
    }
    return table.text();
  }

  static List<Map<String, Object>> json(ClassAccuracies all) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < all.classes().size(); i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("class", all.classes().get(i));
      row.put("examples", all.examples(i));
      row.put("correct", all.correct(i));
      row.put("answers", all.counts().get(i));
      rows.add(row);
    }
    return rows;
  }

  /** The wrong answer that a class gets most often, the first of equal ones; -1 if none. */
  private static int mostTaken(ClassAccuracies all, int index) {
    int most = -1;
    for (int answer = 0; answer < all.classes().size(); answer++) {
      long times = answer == index ? 0 : all.counts().get(index).get(answer);
      if (times > 0 && (most < 0 || times > all.counts().get(index).get(most))) {
        most = answer;
      }
    }
    return most;
  }
}
