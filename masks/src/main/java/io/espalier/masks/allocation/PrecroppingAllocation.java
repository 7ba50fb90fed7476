package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Widths that take the place of densities of weights: a group keeps the square root of the density
 * that the weight which gives it would have, as the other root is taken on its inputs ("Structured
 * pruning is all you need for pruning CNNs at initialization", Cai et al., 2022).
 */
final class PrecroppingAllocation implements AllocationProvider {
  private static final String DENSITIES = "densities";
  private static final Map<String, ToDoubleFunction<ParameterShape>> LAWS =
      Map.of(
          "uniform",
          shape -> 1,
          "er",
          shape -> ErdosRenyi.density(shape, false),
          "erk",
          shape -> ErdosRenyi.density(shape, true));

  @Override
  public String name() {
    return "precropping";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.name(DENSITIES, "erk");
  }

  @Override
  public void check(MemberSettings settings) {
    String law = settings.text(DENSITIES);
    new Rules().require(DENSITIES, law, LAWS.containsKey(law), "one of uniform, er, erk").verify();
  }

  @Override
  public boolean sharesWeights() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return widths(LAWS.getOrDefault(settings.text(DENSITIES), shape -> 1));
  }

  /** Ratios of widths stay roots of densities where a density is capped at 1. */
  static Allocation widths(ToDoubleFunction<ParameterShape> density) {
    return new ProportionalAllocation(shape -> Math.sqrt(density.applyAsDouble(shape)));
  }
}
