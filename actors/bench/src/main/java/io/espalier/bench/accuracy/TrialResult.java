package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;

/**
 * The outcome of one run, a line of {@code results.jsonl}.
 *
 * @param accuracy on the test set, from 0 to 1
 * @param kept units that the final masks keep
 * @param planned units that the plan keeps; {@code kept} equals it
 * @param regrown units that returned after they were pruned, summed over all updates
 * @param seconds from the first step to the final evaluation
 */
record TrialResult(
    String key,
    RecipeRow row,
    String network,
    String initial,
    double sparsity,
    long seed,
    int epochs,
    double accuracy,
    double loss,
    long kept,
    long planned,
    long prunable,
    int maskUpdates,
    long regrown,
    boolean collapsed,
    double seconds,
    String version)
    implements ResultStore.Keyed {
  TableLine line() {
    return new TableLine(row, network, initial);
  }
}
