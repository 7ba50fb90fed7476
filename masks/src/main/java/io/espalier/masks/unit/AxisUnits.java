package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** All weights at one index along an axis: 0 for those of an output, 1 for those of an input. */
record AxisUnits(String name, int axis) implements UnitsProvider {
  @Override
  public PluginKeys keys() {
    return UnitReduction.keys();
  }

  @Override
  public void check(MemberSettings settings) {
    UnitReduction.check(settings);
  }

  @Override
  public boolean holdOutputs(MemberSettings settings) {
    return axis == 0;
  }

  @Override
  public Units create(MemberSettings settings, List<ParameterShape> prunable) {
    return GroupedUnits.of(
        prunable.stream().map(this::unitOf).toList(), UnitReduction.of(settings));
  }

  private int[] unitOf(ParameterShape shape) {
    int inner = 1;
    for (int length : shape.dimensions().subList(axis + 1, shape.rank())) {
      inner *= length;
    }
    int[] units = new int[shape.size()];
    for (int weight = 0; weight < units.length; weight++) {
      units[weight] = weight / inner % shape.dimensions().get(axis);
    }
    return units;
  }
}
