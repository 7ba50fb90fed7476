package io.espalier.telemetry.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The step from which each attempt voids older measurements, in any order of arrival. Not
 * thread-safe.
 */
final class VoidedSteps {
  private static final int MOST = 256;

  interface Values {
    /** Removes what attempts before {@code attempt} measured from {@code firstVoid} on. */
    void discard(int attempt, long firstVoid);
  }

  private final List<Values> values = new ArrayList<>();

  // Later attempts void later steps: one that voids earlier steps makes the ones before it
  // superfluous.
  private final TreeMap<Integer, Long> firstVoid = new TreeMap<>();

  /** Discards earlier attempts' measurements from a step on, now and later. */
  void add(int attempt, long firstVoidStep) {
    note(attempt, firstVoidStep);
    values.forEach(each -> each.discard(attempt, firstVoidStep));
  }

  void register(Values added) {
    values.add(added);
  }

  private void note(int attempt, long firstVoidStep) {
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

  boolean isVoid(int attempt, long step) {
    return step >= firstVoid(attempt);
  }

  /** Returns the first void step of {@code attempt}; {@link Long#MAX_VALUE} if none. */
  long firstVoid(int attempt) {
    Map.Entry<Integer, Long> later = firstVoid.higherEntry(attempt);
    return later == null ? Long.MAX_VALUE : later.getValue();
  }
}
