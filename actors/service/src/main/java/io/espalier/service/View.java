package io.espalier.service;

import java.util.regex.Pattern;

/** The runs and data sets that a caller sees; others do not exist for it. */
public record View(Scope scope, Ownership viewer) {
  /** The view of the service itself, and of callers who see all. */
  public static final View WHOLE = new View(Scope.ALL, Ownership.UNKNOWN);

  private static final Pattern BEFORE = Pattern.compile("; before it: \\S+");

  public boolean seesAll() {
    return scope == Scope.ALL;
  }

  public boolean sees(Ownership ownership) {
    return switch (scope) {
      case OWN -> viewer.owner().isPresent() && viewer.owner().equals(ownership.owner());
      case PROJECT -> viewer.project().equals(ownership.project());
      case ALL -> true;
    };
  }

  /** The status without the id of a run that waits before it, which may be another's. */
  public RunStatus shown(RunStatus status) {
    return seesAll()
        ? status
        : status.waitingFor(
            status
                .standing()
                .waitsFor()
                .map(why -> BEFORE.matcher(why).replaceFirst("; before it: another run")));
  }

  /**
   * A key of idempotency that no caller with another view has; one of a caller who sees all is as
   * it was sent.
   */
  public String ownKey(String key) {
    return switch (scope) {
      case OWN -> "owner=%s %s".formatted(viewer.owner().orElse(""), key);
      case PROJECT -> "project=%s %s".formatted(viewer.project(), key);
      case ALL -> key;
    };
  }
}
