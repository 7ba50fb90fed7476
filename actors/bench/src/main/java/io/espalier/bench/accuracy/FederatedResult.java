package io.espalier.bench.accuracy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.espalier.bench.harness.ResultStore;

/** The outcome of one federation, a line of {@code results.jsonl}. */
record FederatedResult(
    String key,
    FederatedRow row,
    long seed,
    @JsonUnwrapped FinalModel model,
    @JsonUnwrapped RoundBytes sent,
    @JsonUnwrapped ProcessCost cost)
    implements ResultStore.Keyed {
  /**
   * The model after the last round.
   *
   * @param accuracy on the server's test set, from 0 to 1
   */
  record FinalModel(double accuracy, double loss, double density) {}

  /**
   * Bytes on the sockets, both ways.
   *
   * @param ordinaryBytes in the median round that only trains
   * @param adjustmentBytes the same of the rounds that exchange weights; 0 if there are none
   * @param selectionBytes of all rounds that choose among candidates together
   * @param denseBytes that a round of dense 32-bit models costs, without any overhead
   */
  record RoundBytes(
      long ordinaryBytes, long adjustmentBytes, long selectionBytes, long denseBytes) {}

  /**
   * Memory and time.
   *
   * @param clientBytes peak resident memory of the largest client
   */
  record ProcessCost(long clientBytes, long serverBytes, double seconds) {}
}
