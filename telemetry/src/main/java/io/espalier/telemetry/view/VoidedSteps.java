package io.espalier.telemetry.view;

import java.util.Map;
import java.util.TreeMap;

/**
 * From which step on each attempt made void what older ones had measured.
 *
 * <p>It does not matter in which order the attempts become known. Not thread-safe.
 */
final class VoidedSteps {
  private static final int MOST = 256;

  // Later attempts cut later here: one that voided earlier makes the ones before it superfluous.
  private final TreeMap<Integer, Long> firstVoid = new TreeMap<>();

  /** Notes that {@code attempt} made void what older attempts measured from a step on. */
  public void add(int attempt, long firstVoidStep) {
    Map.Entry<Integer, Long> later = firstVoid.ceilingEntry(attempt);
    if (later != null && later.getValue() <= firstVoidStep) {
      return;
    }
    firstVoid.headMap(attempt, true).values().removeIf(step -> step >= firstVoidStep);
    firstVoid.put(attempt, firstVoidStep);
    if (firstVoid.size() > MOST) {
      firstVoid.pollFirstEntry();
    }
  }

  /** Whether a later attempt made void what {@code attempt} measured at {@code step}. */
  public boolean isVoid(int attempt, long step) {
    return step >= firstVoid(attempt);
  }

  /** The first step that is void for {@code attempt}; the largest number there is if none is. */
  public long firstVoid(int attempt) {
    Map.Entry<Integer, Long> later = firstVoid.higherEntry(attempt);
    return later == null ? Long.MAX_VALUE : later.getValue();
  }
}
