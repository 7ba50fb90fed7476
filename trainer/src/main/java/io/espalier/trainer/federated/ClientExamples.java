package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import java.util.Arrays;

/** The examples of one client, by number: those that it trains on, and those that it holds back. */
public final class ClientExamples {
  private final int[] training;
  private final int[] heldBack;

  private ClientExamples(int[] training, int[] heldBack) {
    this.training = training;
    this.heldBack = heldBack;
  }

  /**
   * Splits a client's examples: the first ones are held back where the algorithm judges candidates
   * by them, at least one of two or more.
   *
   * @param examples in an order that means nothing
   */
  public static ClientExamples of(PreparedFederation federation, int[] examples) {
    double share = federation.rounds().heldBack();
    boolean judges =
        federation.algorithm() instanceof FederationConfig.FedTiny tiny && tiny.candidates() > 1;
    int held =
        judges && share > 0 && examples.length > 1
            ? Math.min(examples.length - 1, Math.max(1, (int) (share * examples.length + 1e-9)))
            : 0;
    return new ClientExamples(
        Arrays.copyOfRange(examples, held, examples.length), Arrays.copyOf(examples, held));
  }

  /** A copy of the numbers of those that are trained on. */
  public int[] training() {
    return training.clone();
  }

  public int trainingCount() {
    return training.length;
  }

  public int heldBackCount() {
    return heldBack.length;
  }

  /** A copy of those that candidates are judged by: the ones held back, or all. */
  public int[] judging() {
    return heldBack.length > 0 ? heldBack.clone() : training.clone();
  }
}
