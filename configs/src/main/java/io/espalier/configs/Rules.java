package io.espalier.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
   * @param wayOut what to do instead, as an imperative; may be empty
   */
  public record Violation(
      String field, Object value, String rule, List<String> known, String wayOut) {
    public Violation {
      known = List.copyOf(known);
    }

    public Violation(String field, Object value, String rule, List<String> known) {
      this(field, value, rule, known, "");
    }

    /** Returns the violation for a field of another name, such as the end of its path. */
    public Violation of(String other) {
      return new Violation(other, value, rule, known, wayOut);
    }

    /** The sentence about {@code found}, which reads {@code field=value}. */
    public String message(String found) {
      return field + " must be " + rule + ": " + found + (wayOut.isEmpty() ? "" : "; " + wayOut);
    }

    @Override
    public String toString() {
      return message(field + "=" + value);
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

  Rules requireTestShare(double share) {
    return require("test", share, share > 0 && share < 1, "above 0% and below 100%");
  }

  Rules requireSha256(Optional<String> digest) {
    return require(
        "sha256",
        digest.orElse(""),
        digest.filter(hex -> !hex.matches("[0-9a-f]{64}")).isEmpty(),
        "64 lower-case hexadecimal digits");
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
