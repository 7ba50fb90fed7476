package io.espalier.trainer.federated;

import io.espalier.masks.federated.GradientProposal;
import java.util.List;

/** What a client's work of one round came to. Its arrays belong to whoever merges it. */
public sealed interface ClientResult {
  /** Examples that it comes from: how much the client counts. */
  int examples();

  /**
   * Norm statistics of each candidate.
   *
   * @param norms for each candidate one array per norm statistic of the layout, in order
   */
  record NormsMeasured(int examples, List<List<float[]>> norms) implements ClientResult {
    public NormsMeasured {
      norms = norms.stream().map(List::copyOf).toList();
    }
  }

  /**
   * Mean loss of each candidate on the examples that the client holds back, or on all if it holds
   * back none.
   */
  record LossesMeasured(int examples, List<Double> losses) implements ClientResult {
    public LossesMeasured {
      losses = List.copyOf(losses);
    }
  }

  /**
   * A trained network as its change since the round's start.
   *
   * @param loss mean over all steps
   * @param changes one array per entry of the layout; 0 where the client holds nothing
   * @param proposals one for each {@link ProposalCount} of the work, in order
   */
  record Trained(
      int examples,
      long steps,
      double loss,
      List<float[]> changes,
      List<GradientProposal> proposals)
      implements ClientResult {
    public Trained {
      changes = List.copyOf(changes);
      proposals = List.copyOf(proposals);
    }
  }
}
