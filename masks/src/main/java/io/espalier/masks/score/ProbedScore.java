package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.HessianDiagonal;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.function.Function;

/**
 * A score by the diagonal of the Hessian, which draws of signs for each batch estimate.
 *
 * @param ofDiagonal makes it for the request of the diagonal
 */
record ProbedScore(String name, Function<StatisticRequest, Score> ofDiagonal)
    implements ScoreProvider {
  private static final String PROBES = "probes";
  private static final int MOST = 1_000;

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).whole(PROBES, 8);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    int probes = settings.whole(PROBES);
    new Rules()
        .require(PROBES, probes, probes >= 1 && probes <= MOST, "from 1 to " + MOST)
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return ofDiagonal.apply(
        new StatisticRequest(
            new HessianDiagonal(settings.whole(PROBES), seed),
            DataBatches.of(settings),
            Units.CANDIDATES));
  }
}
