package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.ParameterShape;
import java.util.List;

final class SingleWeights implements UnitsProvider {
  @Override
  public String name() {
    return "weight";
  }

  @Override
  public Units create(MemberSettings settings, List<ParameterShape> prunable) {
    return new Single(prunable.stream().map(ParameterShape::size).toList());
  }

  record Single(List<Integer> counts) implements Units {}
}
