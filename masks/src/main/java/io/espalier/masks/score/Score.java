package io.espalier.masks.score;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Optional;

/** The importance of each weight of a parameter; larger scores are kept. */
public interface Score {
  /** Returns the statistics that the score needs beside the weights. */
  @PluginCall(value = "name the statistics it needs", prepares = true)
  default List<StatisticRequest> requests() {
    return List.of();
  }

  /**
   * Returns the form of this score that keeps the sign of each weight's share of the loss, for
   * channels that add up scores before they drop the sign; empty if there is none.
   */
  @PluginCall(value = "name its signed form", prepares = true)
  default Optional<Score> signed() {
    return Optional.empty();
  }

  /**
   * Returns how whole channels are scored where a channel's score does not follow from those of its
   * weights; empty if it does.
   */
  @PluginCall(value = "say how it scores channels", prepares = true)
  default Optional<ChannelTerms> channels() {
    return Optional.empty();
  }

  /** Whether scores are draws that depend on no value; a channel then has one draw of its own. */
  @PluginCall(value = "say whether it draws", prepares = true)
  default boolean isDrawn() {
    return false;
  }

  /** Scores a parameter: {@code scores} receives one finite value per weight, of any sign. */
  @PluginCall("score {0}")
  void score(ScoredParameter of, float[] scores);
}
