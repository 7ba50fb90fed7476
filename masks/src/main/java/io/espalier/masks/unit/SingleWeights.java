package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
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

  record Single(List<Integer> counts) implements Units {
    @Override
    public float[] lift(int parameter, float[] scores) {
      return scores;
    }

    @Override
    public Mask lift(int parameter, Mask weights) {
      return weights;
    }

    @Override
    public Mask lower(int parameter, Mask units) {
      return units;
    }

    @Override
    public boolean areWeights() {
      return true;
    }
  }
}
