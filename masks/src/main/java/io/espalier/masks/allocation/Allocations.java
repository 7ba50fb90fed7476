package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The built-in allocations, and those of users by their name. */
public final class Allocations implements BuiltInPlugins {
  @Override
  public List<AllocationProvider> list() {
    return List.of(
        new UniformAllocation(),
        new UniformPlus(),
        new GlobalAllocation(),
        new ErdosRenyi("er", false),
        new ErdosRenyi("erk", true),
        new ErdosRenyiPlus(),
        new BalancedAllocation(),
        new PyramidalAllocation(),
        new OutlierAllocation(),
        new MedianAllocation(),
        new LampAllocation(),
        new DistortionAllocation(),
        new SlopeAllocation(),
        new RisingAllocation(),
        new AdaptPrunerAllocation(),
        new CfspAllocation(),
        new PrecroppingAllocation(),
        new KnapsackAllocation());
  }

  public static Allocation of(MemberSettings settings) {
    return PluginRegistry.create(
        PluginKind.ALLOCATION,
        settings,
        AllocationProvider.class,
        provider -> provider.create(settings),
        AllocationChecks::around);
  }

  /** One ranking of scores as they are. */
  public static MemberSettings global() {
    AllocationProvider global = new GlobalAllocation();
    return global.keys().standard(global.name()).orElseThrow();
  }

  /**
   * Densities in fixed proportions with exact counts, as far as the budget's floors and caps allow.
   *
   * @param scale raw density of a parameter, finite and above 0; only ratios matter
   */
  public static Allocation proportional(ToDoubleFunction<ParameterShape> scale) {
    return new ProportionalAllocation(scale);
  }
}
