package io.espalier.configs;

import java.util.ArrayList;
import java.util.List;

/** Collects every broken rule of a record, so that all are reported at once. Not thread-safe. */
public final class Rules {
  private final List<Violation> violations = new ArrayList<>();

  /**
   * One broken rule.
   *
   * @param field as a recipe spells it; one inside of a list reads like {@code layers[2].from}
   * @param value what was found
   * @param rule what is allowed; completes "must be …"
   * @param known names of which one was probably meant; may be empty
   */
  public record Violation(String field, Object value, String rule, List<String> known) {
    public Violation {
      known = List.copyOf(known);
    }

    @Override
    public String toString() {
      return field + " must be " + rule + ": " + field + "=" + value;
    }
  }

  /** Thrown by a record's constructor; lists every rule that its arguments break. */
  public static final class BrokenRulesException extends IllegalArgumentException {
    private final transient List<Violation> violations;

    BrokenRulesException(List<Violation> violations) {
      super(String.join("; ", violations.stream().map(Violation::toString).toList()));
      this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
      return violations;
    }
  }

  /** Notes a violation unless {@code holds}; {@code rule} completes "must be …". */
  public Rules require(String field, Object value, boolean holds, String rule) {
    return require(field, value, holds, rule, List.of());
  }

  /** Requires a name among the known ones. */
  public Rules require(String field, Object value, boolean holds, String rule, List<String> known) {
    if (!holds) {
      violations.add(new Violation(field, value, rule, known));
    }
    return this;
  }

  public boolean hold() {
    return violations.isEmpty();
  }

  public void verify() {
    if (!violations.isEmpty()) {
      throw new BrokenRulesException(violations);
    }
  }
}
