package io.espalier.trainer.run;

import java.util.Optional;

/** The version of the running program, as provenance names it. */
public final class CodeVersion {
  private CodeVersion() {}

  /** Returns the version of the jar, or {@code development} outside one. */
  public static String current() {
    return Optional.ofNullable(CodeVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
