package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.Scores;

/**
 * Ranks units for return at 0: those with the largest score replace the kept units that {@link
 * #holding} ranks lowest.
 */
public interface Regrowth extends Score {
  /** Returns the score of kept units, its candidates: their magnitude unless overridden. */
  @PluginCall(value = "say which units make room", prepares = true)
  default Score holding() {
    return Scores.of(MemberSettings.of("magnitude"), 0);
  }

  /** Whether the exchanged share falls by a cosine to 0; otherwise it stays the same. */
  @PluginCall(value = "say whether its share falls", prepares = true)
  default boolean shareFalls() {
    return false;
  }
}
