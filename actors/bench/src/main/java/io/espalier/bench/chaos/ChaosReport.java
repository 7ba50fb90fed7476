package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.cli.console.TextTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

final class ChaosReport {
  private static final int MOST_DIFFERENCES = 5;
  private static final int LONGEST = 2_000;

  private final BenchOutput output;
  private final Path root;

  ChaosReport(BenchOutput output, Path root) {
    this.output = output;
    this.root = root;
  }

  void compared(ChaosRow row) {
    output.say(
        "%-28s %3d kills (start-up %d, training %d, finish %d)  %2d runs, %3d starts  bytes %s,"
            + " events %s",
        row.combination().name(),
        row.kills(),
        row.killsIn(KilledRun.Phase.START_UP),
        row.killsIn(KilledRun.Phase.TRAINING),
        row.killsIn(KilledRun.Phase.FINISH),
        row.runs().size(),
        row.starts(),
        verdict(row, run -> run.results().isEmpty()),
        verdict(row, run -> run.events().isEmpty()));
    for (ChaosRow.ComparedRun run : row.runs()) {
      tell(row, run, Stream.concat(run.results().stream(), run.events().stream()).toList());
    }
  }

  void delivered(ChaosRow row, ChaosRow.ComparedRun run) {
    run.delivery().ifPresent(delivery -> tell(row, run, delivery.differences()));
  }

  private void tell(ChaosRow row, ChaosRow.ComparedRun run, List<String> differences) {
    if (differences.isEmpty()) {
      return;
    }
    output.say("  DIFFERENT: run %s, %d differences", run.name(), differences.size());
    differences.stream()
        .limit(MOST_DIFFERENCES)
        .forEach(each -> output.say("    %s", shortened(each)));
    output.say(
        "    killed: %s%n    kept: %s, and in peace: %s",
        run.kills().isEmpty() ? "never" : run.kills(),
        root.resolve(run.name()),
        root.resolve(row.combination().name() + Campaign.WHOLE));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  void finish(List<ChaosRow> rows, long seed) throws IOException {
    output.finish(table(rows), rows.stream().map(ChaosRow::toMap).toList());
    List<ChaosRow.ComparedRun> runs = rows.stream().flatMap(row -> row.runs().stream()).toList();
    output.say(
        "%,d kills, seed %d: %,d resumed to the same bytes, %,d to the same events, %,d with each"
            + " event on Kafka (%,d runs, %,d events, %,d of them delivered more than once)",
        kills(rows, run -> true),
        seed,
        kills(rows, run -> run.results().isEmpty()),
        kills(rows, run -> run.events().isEmpty()),
        kills(rows, ChaosRow.ComparedRun::isDelivered),
        runs.size(),
        runs.stream()
            .flatMap(run -> run.delivery().stream())
            .mapToLong(delivery -> delivery.records() - delivery.repeated())
            .sum(),
        runs.stream()
            .flatMap(run -> run.delivery().stream())
            .mapToLong(delivery -> delivery.repeated())
            .sum());
  }

  private static int kills(List<ChaosRow> rows, Predicate<ChaosRow.ComparedRun> wanted) {
    return rows.stream().mapToInt(row -> row.killsOf(wanted)).sum();
  }

  private static String table(List<ChaosRow> rows) {
    TextTable table =
        TextTable.withHeader(
            List.of(
                "combination",
                "kills",
                "start-up",
                "training",
                "finish",
                "runs",
                "starts",
                "bytes",
                "events",
                "Kafka",
                "seconds in peace"));
    for (ChaosRow row : rows) {
      table.row(
          List.of(
              row.combination().name(),
              Integer.toString(row.kills()),
              Integer.toString(row.killsIn(KilledRun.Phase.START_UP)),
              Integer.toString(row.killsIn(KilledRun.Phase.TRAINING)),
              Integer.toString(row.killsIn(KilledRun.Phase.FINISH)),
              Integer.toString(row.runs().size()),
              Integer.toString(row.starts()),
              verdict(row, run -> run.results().isEmpty()),
              verdict(row, run -> run.events().isEmpty()),
              verdict(row, ChaosRow.ComparedRun::isDelivered),
              String.format(Locale.ROOT, "%.1f", row.wholeSeconds())));
    }
    return table.markdown();
  }

  private static String verdict(ChaosRow row, Predicate<ChaosRow.ComparedRun> wanted) {
    return row.all(wanted) ? "same" : "DIFFERENT";
  }
}
