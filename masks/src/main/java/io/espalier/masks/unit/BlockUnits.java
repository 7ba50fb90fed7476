package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Blocks of rows and columns of a weight seen as {@code [outputs, inputs · kH · kW]}; those at its
 * ends are smaller where the sides do not divide.
 */
final class BlockUnits implements UnitsProvider {
  private static final int LONGEST = 4096;

  @Override
  public String name() {
    return "block";
  }

  @Override
  public PluginKeys keys() {
    return UnitReduction.keys().whole("rows", 4).whole("columns", 4);
  }

  @Override
  public void check(MemberSettings settings) {
    UnitReduction.check(settings);
    int rows = settings.whole("rows");
    int columns = settings.whole("columns");
    new Rules()
        .require("rows", rows, rows >= 1 && rows <= LONGEST, "from 1 to " + LONGEST)
        .require("columns", columns, columns >= 1 && columns <= LONGEST, "from 1 to " + LONGEST)
        .verify();
  }

  @Override
  public boolean holdOutputs(MemberSettings settings) {
    return false;
  }

  @Override
  public Units create(MemberSettings settings, List<ParameterShape> prunable) {
    int rows = settings.whole("rows");
    int columns = settings.whole("columns");
    return GroupedUnits.of(
        prunable.stream().map(shape -> unitOf(shape, rows, columns)).toList(),
        UnitReduction.of(settings));
  }

  private static int[] unitOf(ParameterShape shape, int rows, int columns) {
    int width = shape.size() / shape.dimensions().get(0);
    int across = (width + columns - 1) / columns;
    int[] units = new int[shape.size()];
    for (int weight = 0; weight < units.length; weight++) {
      units[weight] = weight / width / rows * across + weight % width / columns;
    }
    return units;
  }
}
