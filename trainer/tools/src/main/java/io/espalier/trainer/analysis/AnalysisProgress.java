package io.espalier.trainer.analysis;

/** Hears how far a diagnostic is. */
@FunctionalInterface
public interface AnalysisProgress {
  AnalysisProgress NONE = (diagnostic, done, total) -> {};

  /**
   * Hears that a step is done.
   *
   * @param diagnostic its name
   * @param total steps, of about one duration; an upper bound where a diagnostic may end early
   */
  void at(String diagnostic, int done, int total);
}
