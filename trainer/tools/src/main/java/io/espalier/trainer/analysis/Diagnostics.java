package io.espalier.trainer.analysis;

import java.util.List;

/** All diagnostics, the quick ones first. */
public final class Diagnostics {
  private static final List<Diagnostic> ALL =
      List.of(
          new PqIndices(),
          new CalibrationDiagnostic(),
          new WorstClass(),
          new PspEntropy(),
          new LayerSensitivity(),
          new ScoreAgreement(),
          new Sharpness(),
          new CorruptionRobustness());

  private Diagnostics() {}

  public static List<Diagnostic> all() {
    return ALL;
  }

  /**
   * Returns the diagnostics of these names, in the order of all.
   *
   * @throws IllegalArgumentException if there is none of a name
   */
  public static List<Diagnostic> named(List<String> names) {
    List<String> known = ALL.stream().map(Diagnostic::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "a diagnostic must be one of %s: name=%s".formatted(String.join(", ", known), name));
      }
    }
    return ALL.stream().filter(each -> names.contains(each.name())).toList();
  }
}
