package io.espalier.bench.accuracy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.espalier.bench.harness.ResultStore;

/**
 * The outcome of one run, a line of {@code results.jsonl}.
 *
 * @param seconds from the first step to the final evaluation
 */
record TrialResult(
    String key,
    @JsonUnwrapped TrialChoices setting,
    @JsonUnwrapped TestQuality quality,
    @JsonUnwrapped UnitCounts units,
    double seconds,
    String version)
    implements ResultStore.Keyed {
  record TrialChoices(
      RecipeRow row, String network, String initial, double sparsity, long seed, int epochs) {}

  /**
   * Of the test set.
   *
   * @param accuracy from 0 to 1
   */
  record TestQuality(double accuracy, double loss) {}

  /**
   * Counts of pruned units.
   *
   * @param kept units that the final masks keep
   * @param planned units that the plan keeps; {@code kept} equals it
   * @param regrown units that returned after they were pruned, summed over all updates
   */
  record UnitCounts(
      long kept, long planned, long prunable, int maskUpdates, long regrown, boolean collapsed) {}

  TableLine line() {
    return new TableLine(setting.row(), setting.network(), setting.initial());
  }
}
