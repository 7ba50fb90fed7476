package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;

/** An optimizer as far as recipes are concerned. */
public interface OptimizerPlugin extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.OPTIMIZER;
  }

  /**
   * Whether each value changes by its own gradient and moments alone. One that looks at whole
   * tensors, such as their norms, says no; it computes on the engine.
   */
  default boolean isElementwise(MemberSettings settings) {
    return true;
  }
}
