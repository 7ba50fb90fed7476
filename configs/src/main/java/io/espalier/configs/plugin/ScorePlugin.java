package io.espalier.configs.plugin;

import java.util.Optional;

/** A score as far as recipes are concerned. */
public interface ScorePlugin extends RankingPlugin {
  @Override
  default PluginKind kind() {
    return PluginKind.SCORE;
  }

  /** Whether weights of one output can differ in it; otherwise it ranks whole outputs. */
  default boolean ranksWithinOutputs() {
    return true;
  }

  /**
   * The allocation that shares single weights out by magnitude as a global one does by this score,
   * where there is one; it needs less memory and time.
   */
  default Optional<String> allocationOfMagnitudes() {
    return Optional.empty();
  }
}
