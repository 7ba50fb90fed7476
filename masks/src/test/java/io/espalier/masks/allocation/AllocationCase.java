package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.Collections;
import java.util.List;

/** An allocation of a dense network's weights as an update asks for it. */
record AllocationCase(
    List<ParameterShape> shapes, List<float[]> weights, List<float[]> squares, double minKeep) {

  /** Random weights, inputs of a mean square of 1, no floors but one weight. */
  static AllocationCase of(List<ParameterShape> shapes) {
    return of(shapes, Networks.weights(shapes, 3));
  }

  static AllocationCase of(List<ParameterShape> shapes, List<float[]> weights) {
    return new AllocationCase(shapes, weights, ones(shapes), 0);
  }

  AllocationCase protecting(double share) {
    return new AllocationCase(shapes, weights, squares, share);
  }

  private static List<float[]> ones(List<ParameterShape> shapes) {
    return shapes.stream()
        .map(
            shape -> {
              float[] ones = new float[shape.size() / shape.dimensions().get(0)];
              java.util.Arrays.fill(ones, 1);
              return ones;
            })
        .toList();
  }

  List<Integer> sizes() {
    return shapes.stream().map(ParameterShape::size).toList();
  }

  long total() {
    return sizes().stream().mapToLong(Integer::longValue).sum();
  }

  List<Integer> floors(Allocation allocation) {
    List<Integer> own =
        minKeep == 0
            ? Collections.nCopies(shapes.size(), 0)
            : sizes().stream().map(size -> Counts.minKeep(minKeep, size)).toList();
    return allocation.floors(shapes, sizes(), own);
  }

  List<Integer> counts(MemberSettings settings, double sparsity) {
    return counts(Allocations.of(settings), sparsity);
  }

  List<Integer> counts(Allocation allocation, double sparsity) {
    List<Mask> all = sizes().stream().map(Mask::allKept).toList();
    Statistics statistics = Statistics.none();
    for (StatisticRequest request : allocation.requests()) {
      statistics = statistics.withArrays(request, squares);
    }
    Budget budget =
        new Budget(shapes, sparsity, Counts.kept(sparsity, total()), floors(allocation), sizes());
    return allocation
        .at(ScoredParameter.all(shapes, weights, all, 0, statistics))
        .counts(budget, Ranking.ofMagnitudes(weights, all));
  }
}
