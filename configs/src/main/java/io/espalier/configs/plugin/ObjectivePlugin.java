package io.espalier.configs.plugin;

/** An objective as far as recipes are concerned. */
public interface ObjectivePlugin extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.OBJECTIVE;
  }

  /** Whether it trains each transformer block by itself instead of the whole network. */
  default boolean trainsBlocks() {
    return false;
  }
}
