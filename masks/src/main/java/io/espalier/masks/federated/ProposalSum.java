package io.espalier.masks.federated;

import io.espalier.masks.Mask;

/** The weighted mean of all clients' proposals for one parameter; units not proposed count as 0. */
final class ProposalSum {
  private final Mask kept;
  private final double[] sums;
  private final boolean[] proposed;
  private double weights;

  ProposalSum(Mask kept) {
    this.kept = kept;
    sums = new double[kept.size()];
    proposed = new boolean[kept.size()];
  }

  void add(GradientProposal proposal, double weight) {
    int size = proposal.size();
    if (size > 0 && proposal.unit(size - 1) >= kept.size()) {
      throw new IllegalArgumentException(
          "proposed units must be of the parameter: unit=%d, units=%d"
              .formatted(proposal.unit(size - 1), kept.size()));
    }
    weights += weight;
    for (int i = 0; i < size && weight > 0; i++) {
      sums[proposal.unit(i)] += weight * proposal.gradient(i);
      proposed[proposal.unit(i)] = true;
    }
  }

  Mask best(int count) {
    TopGradients best = new TopGradients(count);
    for (int unit = 0; unit < proposed.length; unit++) {
      if (proposed[unit] && !kept.isKept(unit)) {
        best.offer(unit, (float) (sums[unit] / weights));
      }
    }
    GradientProposal chosen = best.proposal();
    boolean[] grown = new boolean[proposed.length];
    for (int i = 0; i < chosen.size(); i++) {
      grown[chosen.unit(i)] = true;
    }
    return Mask.of(grown.length, unit -> grown[unit]);
  }
}
