package io.espalier.trainer.federated;

import io.espalier.masks.federated.GradientProposal;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import java.util.List;

/** The result of a client's work in one round. Its arrays may be changed by the merge. */
public sealed interface ClientResult {
  int examples();

  record NormsMeasured(int examples, List<List<float[]>> norms) implements ClientResult {
    public NormsMeasured {
      norms = norms.stream().map(List::copyOf).toList();
    }
  }

  /** Mean loss of each candidate on the held-back examples, or on all if none are held back. */
  record LossesMeasured(int examples, List<Double> losses) implements ClientResult {
    public LossesMeasured {
      losses = List.copyOf(losses);
    }
  }

  /**
   * The changes of a trained network since the round's start.
   *
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
