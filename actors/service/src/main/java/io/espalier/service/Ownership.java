package io.espalier.service;

import io.espalier.configs.Rules;
import java.util.Optional;

/**
 * Whose a run or a data set is. Names are stored: none may change.
 *
 * @param owner empty where a version without owners recorded it
 */
public record Ownership(Optional<String> owner, String project) {
  public static final String DEFAULT_PROJECT = "default";

  /** Belongs to runs and data sets of versions without owners. */
  public static final Ownership UNKNOWN = new Ownership(Optional.empty(), DEFAULT_PROJECT);

  public static final String NAMES = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  public static final String NAME_RULE =
      "1 to 64 letters, digits, . _ and -, the first a letter or digit";

  public Ownership {
    new Rules()
        .require("owner", owner.orElse(""), isName(owner.orElse("x")), NAME_RULE)
        .require("project", project, isName(project), NAME_RULE)
        .verify();
  }

  public static Ownership of(String owner, String project) {
    return new Ownership(Optional.of(owner), project);
  }

  /** Whether a text names an owner or a project. */
  public static boolean isName(String text) {
    return text.matches(NAMES);
  }
}
