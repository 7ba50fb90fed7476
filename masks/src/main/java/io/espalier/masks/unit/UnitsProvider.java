package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.UnitsPlugin;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** Units that recipes name as their granularity. */
public interface UnitsProvider extends UnitsPlugin {
  Units create(MemberSettings settings, List<ParameterShape> prunable);

  /** Whether units of any network are single weights without a selection of their own. */
  @Override
  default boolean areFreeWeights(MemberSettings settings) {
    Units units = create(settings, List.of());
    return units.areWeights() && units.selection().isEmpty();
  }
}
