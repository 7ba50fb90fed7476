package io.espalier.bench.units;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the table.
 *
 * @param overrides of the run that is trained
 * @param timed what else its steps are timed with, after its training
 */
record UnitRow(String label, List<String> overrides, List<String> timed) {
  static final String DENSE_ENGINE = "dense, engine";
  static final String DENSE_JAVA = "dense, java";
  static final String CHANNEL = "channel";

  private static final String WEIGHT = "weight";
  private static final String NO_PRUNING = "prune.sparsity=0";
  private static final String JAVA = "train.execution=java";
  private static final Pattern N_OF_M = Pattern.compile("([0-9]{1,4}):([0-9]{1,4})");

  UnitRow {
    overrides = List.copyOf(overrides);
    timed = List.copyOf(timed);
  }

  static UnitRow denseEngine() {
    return dense(DENSE_ENGINE, "train.execution=engine");
  }

  static UnitRow denseJava() {
    return dense(DENSE_JAVA, JAVA);
  }

  private static UnitRow dense(String label, String execution) {
    return new UnitRow(label, List.of(NO_PRUNING, execution), List.of());
  }

  /** The dense lines, then each unit; beside N of M stand single weights of the same sparsity. */
  static List<UnitRow> of(UnitStudy study, List<String> units, int percent) {
    List<UnitRow> rows = new ArrayList<>(List.of(denseEngine(), denseJava()));
    for (String unit : units) {
      Matcher counts = N_OF_M.matcher(unit);
      if (counts.matches()) {
        long pruned =
            Math.round(
                100
                    - 100.0
                        * Integer.parseInt(counts.group(1))
                        / Integer.parseInt(counts.group(2)));
        rows.add(row(unit, "at %d %%".formatted(pruned), List.of(granularity(unit))));
        rows.add(pruned(WEIGHT, Math.toIntExact(pruned)));
      } else if (unit.equals(CHANNEL)) {
        rows.add(channels(study, percent));
      } else {
        rows.add(pruned(unit, percent));
      }
    }
    return rows.stream().distinct().toList();
  }

  private static UnitRow pruned(String unit, int percent) {
    return row(
        unit,
        "at %d %%".formatted(percent),
        List.of("prune.sparsity=%d%%".formatted(percent), granularity(unit)));
  }

  private static UnitRow row(String unit, String share, List<String> pruning) {
    List<String> overrides = new ArrayList<>(pruning);
    overrides.add(JAVA);
    return new UnitRow(
        unit + " " + share,
        overrides,
        List.of("prune.schedule=null", "prune.schedule={kind=one-shot,begin=0}"));
  }

  /** Trained on the engine, which alone cuts; what is left is a dense network, timed in Java. */
  private static UnitRow channels(UnitStudy study, int percent) {
    return new UnitRow(
        "%s at %d %%".formatted(CHANNEL, percent),
        List.of(
            "prune.sparsity=%d%%".formatted(percent),
            "prune.granularity=" + study.channels(),
            "train.execution=engine"),
        List.of(NO_PRUNING, "prune.granularity=null", "prune.granularity=weight", JAVA));
  }

  private static String granularity(String unit) {
    return "prune.granularity=\"%s\"".formatted(unit);
  }
}
