package io.espalier.masks.update;

import io.espalier.configs.PruneConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.kind.AuxiliaryParameter;
import io.espalier.masks.kind.LearnedSelection;
import io.espalier.masks.kind.LearnedSelection.ChosenWeight;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.AuxiliaryValues;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The choice of a mask kind. Where it leaves a parameter less than its floor, the largest of the
 * other weights stay too.
 */
record OutcomeChoice(LearnedSelection choice, List<StatisticRequest> state) {
  static Optional<OutcomeChoice> of(PruneConfig config) {
    MaskKind kind = MaskKinds.of(config.mask());
    return kind.choice()
        .map(
            choice ->
                new OutcomeChoice(
                    choice,
                    kind.state().stream()
                        .map(AuxiliaryParameter::name)
                        .map(AuxiliaryValues::of)
                        .toList()));
  }

  Mask keep(ScoredParameter weight, double sparsity, int floor) {
    Mask kept =
        choice.keep(
            new ChosenWeight(
                weight.shape(),
                readOnly(weight.weights()),
                state.stream().map(values -> readOnly(weight.statistic(values))).toList(),
                weight.candidates(),
                sparsity));
    if (kept.kept() >= floor) {
      return kept;
    }
    Ranking others =
        Ranking.ofMagnitudes(List.of(weight.weights()), List.of(weight.candidates().andNot(kept)));
    int missing = Math.min(floor, weight.candidates().kept()) - kept.kept();
    return kept.or(others.top(List.of(missing)).get(0));
  }

  private static FloatBuffer readOnly(float[] values) {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }
}
