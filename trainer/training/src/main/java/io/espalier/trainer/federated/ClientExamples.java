package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import java.util.Arrays;

/** The example numbers of one client: for training, and held back to rate candidates. */
public final class ClientExamples {
  private final int[] training;
  private final int[] heldBack;

  private ClientExamples(int[] training, int[] heldBack) {
    this.training = training;
    this.heldBack = heldBack;
  }

  /** Holds back the first examples, at least one of two or more, if candidates are rated. */
  public static ClientExamples of(PreparedFederation federation, int[] examples) {
    double share = federation.rounds().client().heldBack();
    boolean judges =
        federation.algorithm() instanceof FederationConfig.FedTiny tiny && tiny.candidates() > 1;
    int held =
        judges && share > 0 && examples.length > 1
            ? Math.min(examples.length - 1, Math.max(1, (int) (share * examples.length + 1e-9)))
            : 0;
    return new ClientExamples(
        Arrays.copyOfRange(examples, held, examples.length), Arrays.copyOf(examples, held));
  }

  public int[] training() {
    return training.clone();
  }

  public int trainingCount() {
    return training.length;
  }

  public int heldBackCount() {
    return heldBack.length;
  }

  public int[] judging() {
    return heldBack.length > 0 ? heldBack.clone() : training.clone();
  }
}
