package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Density grows as {@code ((in + out) / (in · out))^power} ("Scalable training of artificial neural
 * networks with adaptive sparse connectivity", Mocanu et al., 2018), or with kernel sizes in sum
 * and product ("Rigging the lottery", Evci et al., 2020).
 */
record ErdosRenyi(String name, boolean countsKernels) implements AllocationProvider {
  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("power", 1);
  }

  @Override
  public void check(MemberSettings settings) {
    double power = settings.number("power");
    new Rules().require("power", power, power >= 0 && power <= 10, "from 0 to 10").verify();
  }

  @Override
  public Allocation create(MemberSettings settings) {
    double power = settings.number("power");
    return new ProportionalAllocation(
        shape -> StrictMath.pow(density(shape, countsKernels), power));
  }

  /** The raw density of a weight, by its outputs and inputs alone or with the sides of kernels. */
  static double density(ParameterShape shape, boolean countsKernels) {
    List<Integer> all = shape.dimensions();
    List<Integer> dimensions = countsKernels ? all : all.subList(0, 2);
    double sum = 0;
    double product = 1;
    for (int dimension : dimensions) {
      sum += dimension;
      product *= dimension;
    }
    return sum / product;
  }
}
