package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.configs.plugin.ScorePlugin;
import io.espalier.masks.statistic.StatisticRequest;

/** A score that recipes name. */
public interface ScoreProvider extends ScorePlugin {
  /** Makes the score of a run; all its draws must follow from {@code seed}. */
  Score create(MemberSettings settings, long seed);

  /** The statistics that the score requests. */
  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return StatisticRequest.readings(create(settings, 0).requests());
  }
}
