package io.espalier.federation.simulation;

import java.util.ArrayList;
import java.util.List;

/** Deals what devices are like by shares of all clients. */
final class DeviceMix {
  private static final double ROUNDING = 1e-6;

  private DeviceMix() {}

  /** Whether shares add up to all clients. */
  static boolean areAll(List<Double> shares) {
    return Math.abs(shares.stream().mapToDouble(Double::doubleValue).sum() - 1) < ROUNDING;
  }

  /**
   * One of {@code values} for each client, in order; counts differ from the shares by less than
   * one.
   */
  static <T> List<T> dealt(List<T> values, List<Double> shares, int clients) {
    List<T> dealt = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < values.size(); i++) {
      sum += shares.get(i);
      long until = Math.round(sum * clients);
      while (dealt.size() < until) {
        dealt.add(values.get(i));
      }
    }
    return dealt;
  }
}
