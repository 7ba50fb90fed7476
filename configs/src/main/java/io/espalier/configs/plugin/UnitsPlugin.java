package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;

/** Units as far as recipes are concerned. */
public interface UnitsPlugin extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.UNITS;
  }

  /** Whether each weight is a unit of its own and any of them may be kept together. */
  boolean areFreeWeights(MemberSettings settings);

  /** Whether a unit has all weights of an output if it has one of them. */
  default boolean holdOutputs(MemberSettings settings) {
    return !areFreeWeights(settings);
  }
}
