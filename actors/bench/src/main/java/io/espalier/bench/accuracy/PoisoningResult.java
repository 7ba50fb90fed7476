package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;

/**
 * The outcome of one simulation, a line of {@code results.jsonl}.
 *
 * @param accuracy on the test set, from 0 to 1; 0 if the run failed
 * @param rejected rounds that were not adopted
 * @param failure why the run failed; empty if it did not
 */
record PoisoningResult(
    String key,
    PoisoningRule rule,
    PoisoningScenario scenario,
    long seed,
    double accuracy,
    int rejected,
    String failure)
    implements ResultStore.Keyed {}
