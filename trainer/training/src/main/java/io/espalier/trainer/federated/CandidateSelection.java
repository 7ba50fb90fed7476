package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig.FedTiny;
import io.espalier.configs.FederationConfig.FedTiny.CandidateNorms;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.CandidatePool;
import io.espalier.masks.federated.MaskAwareMean;
import io.espalier.masks.federated.PooledNorms;
import io.espalier.masks.score.Scores;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Selects among candidate masks (FedTiny, Huang et al., 2023): clients measure norm statistics, the
 * server merges them, clients measure losses under these, and the smallest mean loss wins.
 */
final class CandidateSelection {
  private final NormEntries entries;
  private final CandidateNorms merging;
  private final List<MaskSet> candidates;
  private Optional<List<List<float[]>>> norms = Optional.empty();

  private CandidateSelection(
      NormEntries entries, CandidateNorms merging, List<MaskSet> candidates) {
    this.entries = entries;
    this.merging = merging;
    this.candidates = candidates;
  }

  static CandidateSelection of(PreparedFederation federation, TrainingState initial) {
    PreparedRun run = federation.values();
    FedTiny config = (FedTiny) federation.algorithm();
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    return new CandidateSelection(
        new NormEntries(run.stateLayout()),
        config.norms(),
        CandidatePool.of(
                dense,
                initial.prunableWeights(),
                Scores.of(run.config().prune().ranking().score(), run.config().seed()),
                run.config().prune().target().sparsity(),
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

  /** Merges means and variances of each candidate, weighted by the clients' examples. */
  void mergeNorms(List<Contribution> contributions) {
    norms =
        Optional.of(
            IntStream.range(0, candidates.size())
                .mapToObj(candidate -> merged(contributions, candidate))
                .toList());
  }

  private List<float[]> merged(List<Contribution> contributions, int candidate) {
    List<float[]> merged = new ArrayList<>();
    for (int entry = 0; entry < entries.sizes().size(); entry++) {
      merged.add(
          merging == CandidateNorms.POOLED && entries.isVariance(entry)
              ? variance(contributions, candidate, entry)
              : mean(contributions, candidate, entry));
    }
    return merged;
  }

  private float[] variance(List<Contribution> contributions, int candidate, int entry) {
    int size = entries.sizes().get(entry);
    PooledNorms pooled = new PooledNorms(size);
    for (Contribution each : contributions) {
      List<float[]> measured = measured(each, candidate);
      pooled.add(measured.get(entry - 1), measured.get(entry), Mask.allKept(size), each.weight());
    }
    return pooled.variance(new float[size]);
  }

  private float[] mean(List<Contribution> contributions, int candidate, int entry) {
    int size = entries.sizes().get(entry);
    MaskAwareMean mean = new MaskAwareMean(size);
    for (Contribution each : contributions) {
      mean.add(measured(each, candidate).get(entry), Mask.allKept(size), each.weight());
    }
    return mean.merge(new float[size]);
  }

  private static List<float[]> measured(Contribution contribution, int candidate) {
    return ((ClientResult.NormsMeasured) contribution.result()).norms().get(candidate);
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
