package io.espalier.telemetry.view;

import io.espalier.configs.Rules;
import io.espalier.telemetry.event.RunId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The subject of a document: {@code runs}, {@code system}, {@code service}, {@code notes} or {@code
 * run:ID}.
 */
public record Subject(String name) {
  // Before the constants, which are checked against them.
  private static final String RUN = "run:";
  private static final Pattern NAMES =
      Pattern.compile("runs|system|service|notes|run:[A-Za-z0-9._-]{1,200}");
  public static final Subject RUNS = new Subject("runs");
  public static final Subject SYSTEM = new Subject("system");

  public Subject {
    new Rules()
        .require(
            "subject",
            name,
            NAMES.matcher(name).matches(),
            "runs, system, service, notes, or run: and the id of a run")
        .verify();
  }

  public static Subject parse(String name) {
    return new Subject(name);
  }

  public static Subject of(RunId run) {
    return new Subject(RUN + run);
  }

  public Optional<RunId> run() {
    return name.startsWith(RUN)
        ? Optional.of(new RunId(name.substring(RUN.length())))
        : Optional.empty();
  }
}
