package io.espalier.masks.score;

import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * Weights by what reaches them: {@code |w| · ‖x‖₂} with the root mean square of the weight's input
 * ("A simple and effective pruning approach for large language models", Sun, Liu, Bair and Kolter,
 * 2024). The paper compares within each output row, {@code prune.selection = per-row}.
 */
record WandaScore(StatisticRequest squares) implements Score {
  WandaScore(int batches) {
    this(StatisticRequest.of(InputStatistic.SQUARES, batches));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(squares);
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    InputFeatures.visit(
        of,
        of.statistic(squares),
        (unit, square) -> scores[unit] = Math.abs(of.weights()[unit]) * (float) Math.sqrt(square));
  }
}
