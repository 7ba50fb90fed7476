package io.espalier.telemetry.view;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Means over trainers of each step's measurements. A step becomes a point once all trainers
 * reported it or later ones, too many steps wait, or the run has ended. Not thread-safe.
 */
final class StepMeans implements VoidedSteps.Values {
  static final int MOST_WAITING = 2_048;

  private final VoidedSteps voided;
  private final List<Points> series;
  private final Segments segments = new Segments();
  private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
  private final TreeMap<Integer, Long> newestStep = new TreeMap<>();
  private int newestAttempt;
  private int trainers;
  private boolean provisional;

  private static final class Waiting {
    private final int attempt;
    private final double[] sums;
    private final BitSet reported = new BitSet();

    Waiting(int attempt, int values) {
      this.attempt = attempt;
      this.sums = new double[values];
    }
  }

  StepMeans(VoidedSteps voided, List<Points> series) {
    this.voided = voided;
    this.series = List.copyOf(series);
    voided.register(this);
  }

  void trainers(int count) {
    if (count != trainers) {
      trainers = count;
      settle();
    }
  }

  void add(int attempt, int trainer, long step, double... values) {
    if (voided.isVoid(attempt, step) || segments.isTaken(attempt, step)) {
      return;
    }
    if (segments.begin(attempt, step)) {
      discard(attempt, step);
      series.forEach(each -> each.discard(attempt, step));
    }
    boolean back = step <= newestStep.getOrDefault(trainer, Long.MIN_VALUE);
    if (attempt > newestAttempt || (attempt == newestAttempt && back)) {
      // No trainer is ahead yet; going back within an attempt is a topic sent anew.
      newestAttempt = attempt;
      newestStep.clear();
    }
    Waiting at = waiting.computeIfAbsent(step, key -> new Waiting(attempt, series.size()));
    if (at.reported.get(trainer)) {
      return;
    }
    at.reported.set(trainer);
    for (int i = 0; i < values.length; i++) {
      at.sums[i] += values[i];
    }
    if (attempt == newestAttempt) {
      newestStep.put(trainer, step);
    }
    settle();
  }

  @Override
  public void discard(int attempt, long firstVoid) {
    showWaiting(false);
    segments.discard(attempt, firstVoid);
    waiting.tailMap(firstVoid, true).values().removeIf(each -> each.attempt < attempt);
  }

  void showWaiting(boolean show) {
    if (provisional == show) {
      return;
    }
    provisional = show;
    if (show) {
      waiting.forEach(
          (step, each) -> {
            for (int i = 0; i < series.size(); i++) {
              series
                  .get(i)
                  .putProvisional(each.attempt, step, each.sums[i] / each.reported.cardinality());
            }
          });
    } else {
      series.forEach(Points::dropProvisional);
    }
  }

  private void settle() {
    showWaiting(false);
    while (!waiting.isEmpty()) {
      Map.Entry<Long, Waiting> first = waiting.firstEntry();
      boolean complete = first.getValue().reported.cardinality() == trainers;
      if (!complete && !passed(first.getKey()) && waiting.size() <= MOST_WAITING) {
        return;
      }
      waiting.pollFirstEntry();
      put(first.getKey(), first.getValue());
    }
  }

  private boolean passed(long step) {
    return trainers > 0
        && newestStep.size() >= trainers
        && newestStep.values().stream().allMatch(newest -> newest >= step);
  }

  private void put(long step, Waiting each) {
    for (int i = 0; i < series.size(); i++) {
      series.get(i).put(each.attempt, step, each.sums[i] / each.reported.cardinality());
    }
  }
}
