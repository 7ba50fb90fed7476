package io.espalier.trainer.step;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The weights that stay if the ones with the smallest scores go, as masks. */
final class LargestWeights {
  private static final double TOLERANCE = 1e-9;

  private LargestWeights() {}

  /** Leaves the same share of each parameter out, rounded up; weights that are pruned count. */
  static List<Mask> ofEach(List<TrainedParameter> parameters, double share) {
    List<Mask> candidates = candidates(parameters);
    List<Integer> counts =
        candidates.stream()
            .map(mask -> Math.min(mask.kept(), mask.size() - rounded(share * mask.size())))
            .toList();
    return magnitudes(parameters, candidates).top(counts);
  }

  /** Leaves a share of all parameters together out, rounded down; weights that are pruned count. */
  static List<Mask> ofAll(
      List<TrainedParameter> parameters, List<float[]> scores, double sparsity) {
    List<Mask> candidates = candidates(parameters);
    long all = candidates.stream().mapToLong(Mask::size).sum();
    long living = candidates.stream().mapToLong(Mask::kept).sum();
    long kept = Math.min(living, all - (long) Math.floor(sparsity * all + TOLERANCE));
    Ranking ranking = Ranking.of(scores, candidates);
    return ranking.top(ranking.topCounts(kept, Collections.nCopies(scores.size(), 0)));
  }

  private static int rounded(double count) {
    return (int) Math.ceil(count - TOLERANCE);
  }

  private static Ranking magnitudes(List<TrainedParameter> parameters, List<Mask> candidates) {
    return Ranking.ofMagnitudes(
        parameters.stream().map(TrainedParameter::weights).toList(), candidates);
  }

  private static List<Mask> candidates(List<TrainedParameter> parameters) {
    return parameters.stream().map(parameter -> parameter.kept().orElseThrow()).toList();
  }

  /** Visits the weights that would go: of the given parameters, alive and not in {@code kept}. */
  static void forEachOther(
      List<TrainedParameter> parameters, List<Mask> kept, UnitVisitor visitor) {
    IntStream.range(0, parameters.size())
        .forEach(
            p -> {
              TrainedParameter parameter = parameters.get(p);
              parameter
                  .kept()
                  .orElseThrow()
                  .andNot(kept.get(p))
                  .forEachKept(unit -> visitor.visit(parameter, unit));
            });
  }
}
