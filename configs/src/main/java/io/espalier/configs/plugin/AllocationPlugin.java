package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;
import java.util.List;

/** An allocation as far as recipes are concerned. */
public interface AllocationPlugin extends RankingPlugin {
  @Override
  default PluginKind kind() {
    return PluginKind.ALLOCATION;
  }

  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return RequiredStatistics.NONE;
  }

  /** Whether it shares a budget of weights, or of units of weights, out among parameters. */
  default boolean sharesWeights() {
    return true;
  }

  /** Whether it shares a budget of channels out among groups of layers. */
  default boolean sharesChannels() {
    return true;
  }

  /** Keys about single weights, which must have their defaults where other units are pruned. */
  default List<String> keysOfWeights() {
    return List.of();
  }

  /** Keys about channels, which must have their defaults where weights are pruned. */
  default List<String> keysOfChannels() {
    return List.of();
  }
}
