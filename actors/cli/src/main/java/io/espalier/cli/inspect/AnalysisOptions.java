package io.espalier.cli.inspect;

import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.analysis.AnalysisSettings;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What diagnostics measure with. */
final class AnalysisOptions {
  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "" + AnalysisSettings.EXAMPLES,
      description =
          "Most examples of a sample; ece and worst-class read the whole test set (default:"
              + " ${DEFAULT-VALUE}).")
  private int examples;

  @Option(
      names = "--sparsities",
      split = ",",
      paramLabel = "SHARE",
      defaultValue = "50%,80%,90%,95%",
      description = "What sensitivity prunes each layer to (default: ${DEFAULT-VALUE}).")
  private List<String> sparsities = List.of();

  @Option(
      names = "--score",
      paramLabel = "SCORE",
      defaultValue = "magnitude",
      description =
          "Whose order kendall compares with outcomes: one of prune.score that reads weights or"
              + " data, as taylor or \"{ kind = taylor, batches = 8 }\" (default: ${DEFAULT-VALUE}).")
  private String score = "";

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "" + AnalysisSettings.UNITS,
      description =
          "Most neurons or filters of a layer that kendall removes in turn (default:"
              + " ${DEFAULT-VALUE}).")
  private int units;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "" + AnalysisSettings.SEED,
      description = "Seed of all that is drawn (default: ${DEFAULT-VALUE}).")
  private long seed;

  AnalysisSettings settings() {
    List<Double> shares = new ArrayList<>();
    sparsities.forEach(text -> shares.add(share(text.strip())));
    try {
      return new AnalysisSettings(
          seed, examples, shares, AnalysisSettings.scoring(score, seed), units);
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException("--" + e.getMessage());
    }
  }

  private static double share(String text) {
    try {
      return text.endsWith("%")
          ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
          : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new CommandRefusedException(
          "--sparsities must be shares, as 90%% or 0.9: sparsities=%s".formatted(text));
    }
  }
}
