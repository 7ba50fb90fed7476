package io.espalier.configs.plugin;

/** A selection as far as recipes are concerned. */
public interface SelectionPlugin extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.SELECTION;
  }

  /** Whether any units may be kept together: the best ones, wherever they are. */
  default boolean isFree() {
    return false;
  }
}
