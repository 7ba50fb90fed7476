package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;

/**
 * The outcome of one federation, a line of {@code results.jsonl}.
 *
 * @param accuracy on the server's test set, from 0 to 1
 * @param ordinaryBytes on the sockets in the median round that only trains, both ways
 * @param adjustmentBytes the same of the rounds that exchange weights; 0 if there are none
 * @param selectionBytes of all rounds that choose among candidates together
 * @param denseBytes that a round of dense 32-bit models costs, both ways, without any overhead
 * @param clientBytes peak resident memory of the largest client
 */
record FederatedResult(
    String key,
    FederatedRow row,
    long seed,
    double accuracy,
    double loss,
    double density,
    long ordinaryBytes,
    long adjustmentBytes,
    long selectionBytes,
    long denseBytes,
    long clientBytes,
    long serverBytes,
    double seconds)
    implements ResultStore.Keyed {}
