package io.espalier.masks.unit;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** The built-in units, and those of users by their name. */
public final class UnitFamily implements BuiltInPlugins {
  @Override
  public List<UnitsProvider> list() {
    return List.of(
        new SingleWeights(),
        new AxisUnits("row", 0),
        new AxisUnits("filter", 0),
        new AxisUnits("column", 1),
        new BlockUnits(),
        new PatternUnits());
  }

  /** The units of a recipe that prunes no channels. */
  public static Units of(GranularityConfig.Units granularity, List<ParameterShape> prunable) {
    MemberSettings settings = granularity.settings();
    return PluginRegistry.create(
        PluginKind.UNITS,
        settings,
        UnitsProvider.class,
        provider -> provider.create(settings, prunable),
        (guard, units) -> UnitsChecks.around(guard, units, prunable));
  }
}
