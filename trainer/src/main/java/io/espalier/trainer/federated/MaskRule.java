package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.update.MaskUpdate;
import java.util.List;
import java.util.Optional;

/** Updates the global masks of a federation from round to round. */
interface MaskRule {
  /** Returns the proposals that clients make in the round after {@code completed} ones. */
  List<ProposalCount> proposals(int completed, MaskSet masks);

  /**
   * Returns the masks after {@code completed} rounds, if they change; 0 is before the first.
   *
   * @param weights one merged array per prunable parameter, in order
   * @param contributions of the round, with proposals if requested
   */
  Optional<MaskUpdate> after(
      int completed, MaskSet masks, List<float[]> weights, List<Contribution> contributions);

  static MaskRule of(PreparedFederation federation) {
    return federation.algorithm() instanceof FederationConfig.FedTiny tiny
        ? new ExchangedMasks(tiny, federation.run())
        : new ScheduledMasks(federation.run());
  }
}
