package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;

/** A score, an allocation, a regrowth rule or a refit as far as recipes are concerned. */
public interface RankingPlugin extends Plugin {
  /**
   * Returns what it reads beside weights and scores under these settings, which {@link #check}
   * accepts.
   */
  RequiredStatistics readings(MemberSettings settings);
}
