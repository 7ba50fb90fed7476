package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig.FedTiny;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.CandidatePool;
import io.espalier.masks.federated.MaskAwareMean;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Selects among candidate masks (FedTiny, Huang et al., 2023): clients measure norm statistics, the
 * server merges them, clients measure losses under these, and the smallest mean loss wins.
 */
final class CandidateSelection {
  private final NormEntries entries;
  private final List<MaskSet> candidates;
  private Optional<List<List<float[]>>> norms = Optional.empty();

  private CandidateSelection(NormEntries entries, List<MaskSet> candidates) {
    this.entries = entries;
    this.candidates = candidates;
  }

  static CandidateSelection of(PreparedFederation federation, TrainingState initial) {
    PreparedRun run = federation.values();
    FedTiny config = (FedTiny) federation.algorithm();
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    return new CandidateSelection(
        new NormEntries(run.stateLayout()),
        CandidatePool.of(
                dense,
                initial.prunableWeights(),
                run.config().prune().sparsity(),
                config.spread(),
                run.config().seed())
            .candidates(config.candidates()));
  }

  List<MaskSet> candidates() {
    return candidates;
  }

  boolean hasNorms() {
    return norms.isPresent();
  }

  List<List<float[]>> norms() {
    return norms.orElseThrow();
  }

  /** Averages means and variances of each candidate, weighted by the clients' examples. */
  void mergeNorms(List<Contribution> contributions) {
    List<List<float[]>> merged = new ArrayList<>();
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      List<float[]> each = new ArrayList<>();
      for (int entry = 0; entry < entries.sizes().size(); entry++) {
        each.add(mean(contributions, candidate, entry));
      }
      merged.add(each);
    }
    norms = Optional.of(merged);
  }

  private float[] mean(List<Contribution> contributions, int candidate, int entry) {
    int size = entries.sizes().get(entry);
    MaskAwareMean mean = new MaskAwareMean(size);
    for (Contribution each : contributions) {
      ClientResult.NormsMeasured measured = (ClientResult.NormsMeasured) each.result();
      mean.add(measured.norms().get(candidate).get(entry), Mask.allKept(size), each.weight());
    }
    return mean.merge(new float[size]);
  }

  /** Returns the candidate with the smallest loss, weighted by examples; the first among equals. */
  RoundMerge.Choice choice(List<Contribution> contributions) {
    List<Double> losses = new ArrayList<>();
    int best = 0;
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      double sum = 0;
      long weights = 0;
      for (Contribution each : contributions) {
        ClientResult.LossesMeasured measured = (ClientResult.LossesMeasured) each.result();
        sum += measured.losses().get(candidate) * each.weight();
        weights += each.weight();
      }
      losses.add(sum / weights);
      best = losses.get(candidate) < losses.get(best) ? candidate : best;
    }
    return new RoundMerge.Choice(best, losses);
  }

  void useNorms(int candidate, StateAccess state) {
    norms.ifPresent(all -> entries.write(all.get(candidate), state));
  }
}
