package io.espalier.masks;

import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import java.util.List;

/** Recipes need an initializer; the built-in ones are in trainer. */
public final class StandInInitializers implements BuiltInPlugins {
  private record Member(PluginKind kind, String name, PluginKeys keys) implements Plugin {}

  @Override
  public List<Plugin> list() {
    return List.of(
        new Member(PluginKind.INITIALIZER, "uniform-fan-in", PluginKeys.NONE.number("gain", 1)));
  }
}
