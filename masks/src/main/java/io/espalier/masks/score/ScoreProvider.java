package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** A score that recipes name. */
public interface ScoreProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.SCORE;
  }

  /** Makes the score of a run; all its draws must follow from {@code seed}. */
  Score create(MemberSettings settings, long seed);
}
