package io.espalier.masks.schedule;

import java.util.stream.LongStream;

/**
 * How much is pruned when. Steps count completed optimizer steps. Pure: equal calls give equal
 * results, so a resumed run follows the same course.
 */
public interface Schedule {
  /** Target sparsity in [0, 1] after {@code step} steps; 0 before {@link #begin()}. */
  double sparsityAt(long step);

  long begin();

  long end();

  /** Steps that call for a mask update, ascending and distinct, before they move to syncs. */
  LongStream updateSteps();
}
