package io.espalier.trainer.federated;

import java.util.List;

/**
 * What the clients of a round do.
 *
 * @param key names the round within its run: {@code norms}, {@code losses}, then 1, 2, 3 …
 * @param completed training rounds before this one
 * @param rate learning rate of the round
 * @param proposals of pruned weights, where the kind asks for them
 */
public record RoundWork(
    String key, Kind kind, int completed, double rate, List<ProposalCount> proposals) {
  public RoundWork {
    proposals = List.copyOf(proposals);
  }

  /**
   * The same for a client that holds only a part of the global masks: what it holds not may be kept
   * elsewhere, so that its gradients propose nothing.
   */
  public RoundWork withoutProposals() {
    return kind == Kind.TRAIN_AND_PROPOSE
        ? new RoundWork(key, Kind.TRAIN, completed, rate, List.of())
        : this;
  }

  /** Kinds of work. */
  public enum Kind {
    /** Norm statistics of each candidate's masks over the local data. */
    MEASURE_NORMS,
    /** Loss of each candidate under the merged norm statistics. */
    MEASURE_LOSSES,
    /** Training under fixed masks. */
    TRAIN,
    /** Training, then the largest gradients among the pruned weights of some parameters. */
    TRAIN_AND_PROPOSE;

    /** Whether the network is trained, so that the round counts. */
    public boolean trains() {
      return this == TRAIN || this == TRAIN_AND_PROPOSE;
    }
  }
}
