package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.statistic.HessianDiagonal;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;

/** The keys of scores by the diagonal of the Hessian: batches, and draws of signs for each. */
final class Probes {
  private static final String KEY = "probes";
  private static final int MOST = 1_000;

  private Probes() {}

  static CustomKeys keys() {
    return DataBatches.keys(4).whole(KEY, 8);
  }

  static void check(MemberSettings settings) {
    DataBatches.check(settings);
    int probes = settings.whole(KEY);
    new Rules().require(KEY, probes, probes >= 1 && probes <= MOST, "from 1 to " + MOST).verify();
  }

  static StatisticRequest of(MemberSettings settings, long seed) {
    return new StatisticRequest(
        new HessianDiagonal(settings.whole(KEY), seed), DataBatches.of(settings), Units.CANDIDATES);
  }
}
