package io.espalier.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.Metric;
import io.espalier.configs.file.Json;
import io.espalier.console.ProgramName;
import io.espalier.service.ApiJson;
import io.espalier.telemetry.view.RunLabels;
import io.espalier.telemetry.view.RunOverview;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Runs of this machine as text and JSON. */
final class LocalRunTexts {
  static final String UNKNOWN = "-";
  private static final int LONGEST_NAME = 16;
  private static final String INDENT = "    ";

  private LocalRunTexts() {}

  /** A row for each run, and below it what differs from the others, its directory and its end. */
  static String list(List<RunOverview> runs, Instant now, Path here) {
    TextTable table =
        TextTable.withHeader(
            List.of("recipe", "state", "step", "result", "loss", "sparsity", "time", "age"));
    for (RunOverview run : runs) {
      table.row(
          List.of(
              shortened(run.name()),
              printable(run.state()),
              steps(run),
              result(run),
              loss(run),
              percent(run.sparsity()),
              time(run.seconds()),
              RunTexts.age(Duration.between(run.begun(), now))));
    }
    List<String> rows = table.text().lines().toList();
    List<String> labels = labels(runs);
    StringBuilder text = new StringBuilder(rows.get(0));
    for (int i = 0; i < runs.size(); i++) {
      RunOverview run = runs.get(i);
      text.append('\n').append(rows.get(i + 1));
      if (!labels.get(i).equals(run.name())) {
        text.append('\n').append(INDENT).append(labels.get(i));
      }
      text.append('\n').append(INDENT).append(shortest(run.directory(), here));
      note(run, now).ifPresent(note -> text.append('\n').append(INDENT).append(note));
    }
    return text.toString();
  }

  private static Optional<String> note(RunOverview run, Instant now) {
    if (run.silent()) {
      return Optional.of(
          ProgramName.inHints(
              "silent for %s; if its process has ended, go on with 'espalier train --resume'"
                  .formatted(RunTexts.age(Duration.between(run.updated(), now)))));
    }
    return run.reason().filter(reason -> !run.state().equals("finished")).map(RunTexts::shortened);
  }

  /** The form of the service's list, with what only a local run has. */
  static JsonNode json(List<RunOverview> runs, int total) {
    ObjectNode page = Json.LENIENT.createObjectNode();
    ArrayNode all = page.putArray("runs");
    List<String> labels = RunLabels.of(runs);
    for (int i = 0; i < runs.size(); i++) {
      ObjectNode run = (ObjectNode) ApiJson.tree(runs.get(i));
      run.put("directory", runs.get(i).directory().toString());
      run.put("label", labels.get(i));
      run.set("cause", run.remove("reason"));
      if (run.get("cause") == null || run.get("cause").isNull()) {
        run.remove("cause");
      }
      all.add(run);
    }
    return page.put("total", total);
  }

  static String steps(RunOverview run) {
    return run.totalSteps().isPresent()
        ? run.step() + "/" + run.totalSteps().getAsLong()
        : String.valueOf(run.step());
  }

  static String result(RunOverview run) {
    return run.accuracy().isPresent() || run.bitsPerCharacter().isPresent()
        ? Metric.brief(run.accuracy().orElse(Double.NaN), run.bitsPerCharacter())
        : UNKNOWN;
  }

  static String loss(RunOverview run) {
    return run.loss().isPresent()
        ? String.format(Locale.ROOT, "%.4f", run.loss().getAsDouble())
        : UNKNOWN;
  }

  static String percent(OptionalDouble share) {
    return share.isPresent()
        ? String.format(Locale.ROOT, "%.2f%%", 100 * share.getAsDouble())
        : UNKNOWN;
  }

  /** A duration as {@code 1:02:03} or {@code 2:03}. */
  static String time(OptionalDouble seconds) {
    if (seconds.isEmpty()) {
      return UNKNOWN;
    }
    Duration time = Duration.ofSeconds(Math.round(seconds.getAsDouble()));
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  /** The path from here where that is below. */
  static String shortest(Path directory, Path here) {
    return directory.startsWith(here) && !directory.equals(here)
        ? here.relativize(directory).toString()
        : directory.toString();
  }

  static List<String> labels(List<RunOverview> runs) {
    return RunLabels.of(runs).stream().map(LocalRunTexts::printable).toList();
  }

  /** Events and recipes may be of others: no character of theirs steers the terminal. */
  static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}]+", " ");
  }

  private static String shortened(String name) {
    String line = printable(name);
    return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME - 1) + "…";
  }
}
