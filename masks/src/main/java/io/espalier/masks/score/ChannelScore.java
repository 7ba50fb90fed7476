package io.espalier.masks.score;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.plugin.PluginKind;
import java.util.Map;
import java.util.Optional;

/** A score of whole channels, which gives their weights none. */
interface ChannelScore extends Score, ChannelTerms {
  /** The members that its provider needs: units that are channels. */
  Map<PluginKind, String> NEEDS = Map.of(PluginKind.UNITS, Scope.ALL.word());

  /** The name in recipes. */
  String name();

  @Override
  default Optional<ChannelTerms> channels() {
    return Optional.of(this);
  }

  @Override
  default void score(ScoredParameter of, float[] scores) {
    throw new IllegalStateException(name() + " must score channels: weight=" + of.name());
  }
}
