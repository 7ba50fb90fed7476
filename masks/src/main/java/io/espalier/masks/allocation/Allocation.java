package io.espalier.masks.allocation;

import io.espalier.masks.selection.Ranking;
import java.util.List;

/**
 * Shares a budget out among parameters. Deterministic; the counts' sum is {@code budget.kept()} and
 * each lies between its floor and its cap.
 */
public interface Allocation {
  /**
   * Units that each parameter keeps, in order.
   *
   * @param ranking scores of the candidates; each parameter has {@code cap} of them
   */
  List<Integer> counts(Budget budget, Ranking ranking);
}
