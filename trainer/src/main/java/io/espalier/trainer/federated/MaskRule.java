package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.update.MaskUpdate;
import java.util.List;
import java.util.Optional;

/** How the global masks of a federation change from round to round. */
interface MaskRule {
  /** What clients propose in the round after {@code completed} ones; empty if nothing. */
  List<ProposalCount> proposals(int completed, MaskSet masks);

  /**
   * The masks after {@code completed} rounds, if they change; 0 is before the first.
   *
   * @param weights one array per prunable parameter, in order: the merged ones
   * @param contributions of the round, with proposals if there were any
   */
  Optional<MaskUpdate> after(
      int completed, MaskSet masks, List<float[]> weights, List<Contribution> contributions);

  static MaskRule of(PreparedFederation federation) {
    return federation.algorithm() instanceof FederationConfig.FedTiny tiny
        ? new ExchangedMasks(tiny, federation.run())
        : new ScheduledMasks(federation.run());
  }
}
