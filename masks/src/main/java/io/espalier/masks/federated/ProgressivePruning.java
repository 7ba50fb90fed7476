package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The server's part of an adjustment ("Distributed pruning towards tiny neural networks in
 * federated learning", Huang et al., 2023): in every parameter of the block the pruned units of the
 * largest mean gradient return at 0, and as many of the kept ones with the smallest magnitude go.
 *
 * <p>Those that go are chosen among the units that were kept before, and those that return among
 * those that were not: so no unit grows and goes, or goes and returns, in one adjustment, and every
 * parameter keeps its density. Of equal means the earlier unit returns; of equal magnitudes the
 * earlier unit goes. Holds two values for each unit of the block's parameters. Not thread-safe.
 */
public final class ProgressivePruning {
  private final MaskSet current;
  private final Map<Integer, ProposalSum> proposals = new HashMap<>();

  private ProgressivePruning(MaskSet current) {
    this.current = current;
  }

  public static ProgressivePruning of(MaskSet current) {
    return new ProgressivePruning(current);
  }

  /**
   * Adds a client's proposal for a parameter; units that are kept are skipped. {@code weight},
   * finite and 0 or more, is its number of examples. Empty proposals count too.
   *
   * @throws IllegalArgumentException if a unit is not of the parameter
   */
  public void add(int parameterIndex, GradientProposal proposal, double weight) {
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a client's weight must be finite and 0 or more: weight=" + weight);
    }
    Mask kept = current.masks().get(parameterIndex);
    proposals.computeIfAbsent(parameterIndex, p -> new ProposalSum(kept)).add(proposal, weight);
  }

  /**
   * The next mask set, with what grew and what went in each parameter.
   *
   * @param weights the averaged network's, one array per prunable parameter, in order; not changed
   * @param counts most units that change places, per parameter: see {@link AdjustmentCounts}. If
   *     fewer are proposed, that many do
   */
  public MaskUpdate update(List<float[]> weights, List<Integer> counts) {
    List<Mask> masks = new ArrayList<>();
    List<ParameterChange> changes = new ArrayList<>();
    for (int p = 0; p < current.masks().size(); p++) {
      Mask kept = current.masks().get(p);
      Mask grown = grown(p, counts.get(p));
      masks.add(staying(kept, weights.get(p), kept.kept() - grown.kept()).or(grown));
      changes.add(change(current.parameters().get(p), kept, grown.kept()));
    }
    return new MaskUpdate(current.next(masks), changes, List.of());
  }

  private Mask grown(int parameterIndex, int count) {
    Mask kept = current.masks().get(parameterIndex);
    ProposalSum sum = proposals.get(parameterIndex);
    return sum == null ? Mask.noneKept(kept.size()) : sum.best(Math.min(count, kept.kept()));
  }

  private static Mask staying(Mask kept, float[] weights, int count) {
    return Ranking.ofMagnitudes(List.of(weights), List.of(kept)).top(List.of(count)).get(0);
  }

  private static ParameterChange change(ParameterId id, Mask kept, int moved) {
    return new ParameterChange(id, kept.size(), kept.kept(), kept.kept(), moved, moved);
  }
}
