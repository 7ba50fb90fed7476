package io.espalier.configs.custom;

import io.espalier.configs.MemberSettings;

/** A score, an allocation, a regrowth rule or a refit as far as recipes are concerned. */
public interface RankingMember extends CustomMember {
  /** What it reads beside weights and scores under these settings, which {@link #check} accepts. */
  RequiredStatistics readings(MemberSettings settings);
}
