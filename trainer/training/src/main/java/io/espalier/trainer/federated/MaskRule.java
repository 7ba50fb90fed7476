package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.FederationConfig.FedTiny;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.AdjustmentCounts;
import io.espalier.masks.federated.BlockRotation;
import io.espalier.masks.federated.ProgressivePruning;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkStatistics;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;
import java.util.Optional;

interface MaskRule {
  /** Returns the proposals that clients make in the round after {@code completed} ones. */
  List<ProposalCount> proposals(int completed, MaskSet masks);

  /** Returns the masks after {@code completed} rounds, if they change; 0 is before the first. */
  Optional<MaskUpdate> after(
      int completed, MaskSet masks, List<float[]> weights, List<Contribution> contributions);

  static MaskRule of(PreparedFederation federation) {
    return federation.algorithm() instanceof FederationConfig.FedTiny tiny
        ? new ExchangedMasks(tiny, federation.run())
        : new ScheduledMasks(federation.run());
  }

  static final class ScheduledMasks implements MaskRule {
    private final PreparedRun run;
    private final MaskUpdater updater;
    private final Statistics ofNetwork;

    ScheduledMasks(PreparedRun run) {
      this.run = run;
      this.updater =
          MaskUpdater.of(
              run.config().prune(),
              run.config().seed(),
              run.prunable(),
              () -> NetworkGroups.of(run.network()).groups());
      this.ofNetwork = NetworkStatistics.of(run.network(), run.prunable());
    }

    @Override
    public List<ProposalCount> proposals(int completed, MaskSet masks) {
      return List.of();
    }

    @Override
    public Optional<MaskUpdate> after(
        int completed, MaskSet masks, List<float[]> weights, List<Contribution> contributions) {
      return run.plan()
          .updateAt(completed)
          .map(planned -> updater.update(masks, weights, ofNetwork, planned, false));
    }
  }

  /**
   * Masks of constant density in which, block by block, weights that clients propose replace small
   * ones (FedTiny, Huang et al., 2023).
   */
  static final class ExchangedMasks implements MaskRule {
    private final BlockRotation cycle;
    private final AdjustmentCounts counts;

    ExchangedMasks(FedTiny config, PreparedRun run) {
      this.cycle =
          new BlockRotation(
              run.prunable().size(), config.blocks(), config.adjustEvery(), config.adjustUntil());
      this.counts = new AdjustmentCounts(config.fraction(), Math.max(1, config.adjustUntil()));
    }

    @Override
    public List<ProposalCount> proposals(int completed, MaskSet masks) {
      return exchanges(completed + 1, masks);
    }

    private List<ProposalCount> exchanges(int round, MaskSet masks) {
      List<Integer> block = cycle.parametersAt(round);
      List<Integer> all = counts.at(round, masks, block);
      return block.stream()
          .filter(p -> all.get(p) > 0)
          .map(p -> new ProposalCount(p, all.get(p)))
          .toList();
    }

    @Override
    public Optional<MaskUpdate> after(
        int completed, MaskSet masks, List<float[]> weights, List<Contribution> contributions) {
      List<ProposalCount> exchanges = exchanges(completed, masks);
      if (exchanges.isEmpty()) {
        return Optional.empty();
      }
      ProgressivePruning pruning = ProgressivePruning.of(masks);
      for (Contribution each : contributions) {
        ClientResult.Trained trained = (ClientResult.Trained) each.result();
        for (int i = 0; i < trained.proposals().size(); i++) {
          pruning.add(exchanges.get(i).parameter(), trained.proposals().get(i), each.weight());
        }
      }
      List<Integer> block = exchanges.stream().map(ProposalCount::parameter).toList();
      return Optional.of(pruning.update(weights, counts.at(completed, masks, block)));
    }
  }
}
