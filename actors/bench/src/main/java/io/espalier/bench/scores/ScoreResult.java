package io.espalier.bench.scores;

import io.espalier.bench.harness.ResultStore;

/**
 * The outcome of a trial, a line of {@code results.jsonl}.
 *
 * @param dense accuracy of the trained network, from 0 to 1
 * @param accuracy after pruning and fine-tuning, on the test set, from 0 to 1
 */
record ScoreResult(
    String key,
    ScoreTrial trial,
    double dense,
    double accuracy,
    double loss,
    long kept,
    long prunable,
    double seconds)
    implements ResultStore.Keyed {}
