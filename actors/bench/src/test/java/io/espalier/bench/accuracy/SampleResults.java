package io.espalier.bench.accuracy;

/** Results as a bench of 1,000 weights would have them. */
final class SampleResults {
  private SampleResults() {}

  static TrialResult of(RecipeRow row, double sparsity, long seed, double accuracy) {
    return of(new TableLine(row, "lenet-300-100", "he"), sparsity, seed, accuracy);
  }

  static TrialResult of(TableLine line, double sparsity, long seed, double accuracy) {
    RecipeRow row = line.row();
    long kept = row.prunes() ? Math.round(1_000 * (1 - sparsity)) : 1_000;
    return new TrialResult(
        line + "/" + sparsity + "/" + seed,
        new TrialResult.TrialChoices(row, line.network(), line.initial(), sparsity, seed, 10),
        new TrialResult.TestQuality(accuracy, 0.5),
        new TrialResult.UnitCounts(
            kept,
            kept,
            1_000,
            row.prunes() ? 50 : 0,
            row.equals(RecipeRow.SOFT) ? 120 : 0,
            accuracy < 0.5),
        2.5,
        "1.0");
  }
}
