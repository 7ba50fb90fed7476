package io.espalier.telemetry.view;

import java.util.Map;

/**
 * Sums over all steps that still hold, of several amounts side by side. Attempts make void what
 * older ones added as in {@link Points}.
 *
 * <p>Exact unless a later attempt makes void more than the newest {@link #MOST} steps with amounts
 * and does not begin anew: what lies further back is then taken to be spread evenly. Not
 * thread-safe.
 */
final class Tally implements VoidedSteps.Values {
  static final int MOST = 256;

  private final RecentWindow<double[]> recent;
  private final double[] older;
  private long olderUpTo = -1;

  /**
   * @param amounts number of sums side by side
   */
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
