package io.espalier.cli.runs;

import io.espalier.cli.console.TextTable;
import io.espalier.configs.Metric;
import io.espalier.console.ProgramName;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.Ownership;
import io.espalier.service.RunKind;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

final class RunTexts {
  private static final int LONGEST_NOTE = 72;
  private static final String UNKNOWN = "-";

  private RunTexts() {}

  static String table(List<RunStatus> runs, Instant now) {
    boolean isOwned = runs.stream().anyMatch(run -> run.request().owner().isPresent());
    TextTable table =
        TextTable.withHeader(
            withOwner(
                List.of("run", "state", "step", "done", "result", "sparsity", "age", ""),
                isOwned,
                "owner"));
    for (RunStatus run : runs) {
      table.row(
          withOwner(
              List.of(
                  run.run(),
                  spelling(run.state()),
                  step(run),
                  done(run),
                  result(run, UNKNOWN),
                  percent(run.reached().sparsity(), UNKNOWN),
                  age(Duration.between(run.request().submitted(), now)),
                  note(run).map(RunTexts::shortened).orElse("")),
              isOwned,
              owner(run)));
    }
    return table.text();
  }

  /** A row with the owner before its last cell, where there are owners. */
  private static List<String> withOwner(List<String> row, boolean isOwned, String owner) {
    List<String> cells = new ArrayList<>(row);
    if (isOwned) {
      cells.add(row.size() - 1, owner);
    }
    return cells;
  }

  static String details(RunStatus run, List<LifecycleEntry> history) {
    TextTable facts = TextTable.withoutHeader();
    fact(facts, "run", run.run());
    fact(facts, "name", run.name());
    fact(facts, "owner", run.request().owner().orElse(UNKNOWN));
    fact(facts, "project", run.ownership().project());
    fact(facts, "state", spelling(run.state()));
    run.standing().waitsFor().ifPresent(text -> fact(facts, "waits for", text));
    run.standing().cause().ifPresent(text -> fact(facts, "cause", text));
    fact(facts, run.kind() == RunKind.FEDERATION ? "round" : "step", step(run) + " " + done(run));
    run.reached().checkpointStep().ifPresent(step -> fact(facts, "checkpoint", "of step " + step));
    fact(
        facts,
        run.reached().bitsPerCharacter().isPresent() ? "bits" : "accuracy",
        result(run, UNKNOWN));
    fact(facts, "sparsity", percent(run.reached().sparsity(), UNKNOWN));
    fact(facts, "priority", String.valueOf(run.request().priority()));
    fact(facts, "trainers", String.valueOf(run.request().trainers()));
    fact(
        facts,
        "attempt",
        run.attempt().term() + run.attempt().node().map(node -> " on " + node).orElse(""));
    run.attempt().gateway().ifPresent(address -> fact(facts, "gateway", address));
    return facts.text() + "\n\n" + history(history);
  }

  static Optional<String> note(RunStatus run) {
    return run.standing().cause().or(run.standing()::waitsFor).or(run.attempt()::gateway);
  }

  static String spelling(RunState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static Optional<String> stateLine(RunStatus run) {
    return switch (run.state()) {
      case QUEUED -> text("queued", run.standing().waitsFor().orElse("waits for its turn"));
      case STARTING ->
          text(
              "starting",
              "attempt "
                  + run.attempt().term()
                  + run.attempt().node().map(n -> " on " + n).orElse(""));
      case RUNNING -> text("running", running(run));
      case PAUSING -> text("pausing", "a checkpoint is written at the next sync");
      case PAUSED ->
          text(
              "paused",
              ProgramName.inHints("at step %d; go on with 'espalier resume %s'")
                  .formatted(run.reached().step(), run.run()));
      case CANCELLING -> text("cancelling", "ends without a result");
      case FINISHED, FAILED, CANCELLED -> Optional.empty();
    };
  }

  static String endLine(RunStatus run) {
    return switch (run.state()) {
      case FINISHED ->
          String.format(
              Locale.ROOT,
              ProgramName.inHints(
                  "result    %s on the test set at %s sparsity%nreport    espalier report %s"),
              run.reached().accuracy().isPresent()
                  ? Metric.text(
                      run.reached().accuracy().getAsDouble(), run.reached().bitsPerCharacter())
                  : "accuracy –",
              percent(run.reached().sparsity(), "–"),
              run.run());
      case FAILED ->
          ProgramName.inHints(
                  "failed    at step %d: %s%nonce its cause is mended, go on with 'espalier resume"
                      + " %s'")
              .formatted(
                  run.reached().step(),
                  run.standing().cause().orElse("no cause is known"),
                  run.run());
      default -> "cancelled at step %d, without a result".formatted(run.reached().step());
    };
  }

  private static String running(RunStatus run) {
    return run.kind() == RunKind.FEDERATION
        ? run.attempt()
            .gateway()
            .map(address -> "clients connect to " + address)
            .orElse("waits for clients")
        : "attempt " + run.attempt().term();
  }

  private static Optional<String> text(String state, String more) {
    return Optional.of("%-9s %s".formatted(state, more));
  }

  private static String history(List<LifecycleEntry> entries) {
    TextTable table = TextTable.withHeader(List.of("time", "event", "state", ""));
    for (LifecycleEntry entry : entries) {
      table.row(
          List.of(
              entry.time().truncatedTo(ChronoUnit.SECONDS).toString(),
              entry.event(),
              spelling(entry.state()),
              entry.detail()));
    }
    return table.text();
  }

  private static void fact(TextTable facts, String name, String value) {
    facts.row(List.of(name, value.replaceAll("\\p{Cntrl}+", " ")));
  }

  /** The owner; behind it the project, where that is not the default one. */
  private static String owner(RunStatus run) {
    String project = run.ownership().project();
    return run.request().owner().orElse(UNKNOWN)
        + (project.equals(Ownership.DEFAULT_PROJECT) ? "" : "/" + project);
  }

  private static String step(RunStatus run) {
    return run.reached().totalSteps().isPresent()
        ? run.reached().step() + "/" + run.reached().totalSteps().getAsLong()
        : run.reached().step() == 0 ? UNKNOWN : String.valueOf(run.reached().step());
  }

  private static String done(RunStatus run) {
    return run.reached().totalSteps().orElse(0) > 0
        ? 100 * run.reached().step() / run.reached().totalSteps().getAsLong() + "%"
        : UNKNOWN;
  }

  private static String result(RunStatus run, String unknown) {
    return run.reached().accuracy().isPresent()
        ? Metric.number(run.reached().accuracy().getAsDouble(), run.reached().bitsPerCharacter())
        : unknown;
  }

  private static String percent(OptionalDouble share, String unknown) {
    return share.isPresent()
        ? String.format(Locale.ROOT, "%.2f%%", 100 * share.getAsDouble())
        : unknown;
  }

  static String age(Duration age) {
    if (age.toDays() >= 2) {
      return age.toDays() + "d";
    }
    if (age.toHours() >= 2) {
      return age.toHours() + "h";
    }
    return age.toMinutes() >= 2 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
  }

  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= LONGEST_NOTE ? line : line.substring(0, LONGEST_NOTE) + "…";
  }
}
