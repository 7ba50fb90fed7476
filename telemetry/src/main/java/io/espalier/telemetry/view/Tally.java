package io.espalier.telemetry.view;

import java.util.Map;

/**
 * Sums of several amounts over all valid steps. Attempts void older amounts as in {@link Points}.
 * Exact unless a later attempt voids more than the newest {@link #MOST} steps and does not begin
 * anew: earlier amounts are then assumed evenly spread. Not thread-safe.
 */
final class Tally implements VoidedSteps.Values {
  static final int MOST = 256;

  private final RecentWindow<double[]> recent;
  private final double[] older;
  private long olderUpTo = -1;

  Tally(VoidedSteps voided, int amounts) {
    older = new double[amounts];
    recent = new RecentWindow<>(voided, MOST, this::fold);
    voided.register(this);
  }

  void add(int attempt, long step, double... amounts) {
    recent.merge(attempt, step, amounts, Tally::sum);
  }

  void put(int attempt, long step, double... amounts) {
    recent.put(attempt, step, amounts);
  }

  @Override
  public void discard(int attempt, long firstVoid) {
    if (firstVoid <= olderUpTo) {
      double share = firstVoid / (olderUpTo + 1.0);
      for (int i = 0; i < older.length; i++) {
        older[i] *= share;
      }
      olderUpTo = firstVoid - 1;
    }
  }

  double total(int amount) {
    double[] total = {older[amount]};
    recent.values().forEach(each -> total[0] += each[amount]);
    return total[0];
  }

  private void fold(Map.Entry<Long, double[]> oldest) {
    olderUpTo = oldest.getKey();
    System.arraycopy(sum(older, oldest.getValue()), 0, older, 0, older.length);
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    return sum;
  }
}
