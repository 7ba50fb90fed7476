package io.espalier.masks.allocation;

import io.espalier.configs.AllocationConfig;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Registry;
import java.util.function.ToDoubleFunction;

/** The registry of allocations. */
public final class Allocations {
  private static final Registry<AllocationConfig, Allocation> REGISTRY =
      new Registry<AllocationConfig, Allocation>()
          .with(AllocationConfig.Uniform.class, config -> ProportionalAllocation.uniform())
          .with(AllocationConfig.Global.class, config -> new GlobalAllocation())
          .with(
              AllocationConfig.ErdosRenyi.class,
              config -> ProportionalAllocation.erdosRenyi(config.power()))
          .with(
              AllocationConfig.ErdosRenyiKernel.class,
              config -> ProportionalAllocation.erdosRenyiKernel(config.power()))
          .with(AllocationConfig.Custom.class, config -> CustomAllocation.of(config.settings()));

  private Allocations() {}

  /** The allocation that a recipe asks for. */
  public static Allocation of(AllocationConfig config) {
    return REGISTRY.create(config);
  }

  /**
   * Densities in fixed proportions, as far as the budget's floors and caps allow, with exact
   * counts.
   *
   * @param scale raw density of a parameter, finite and above 0; only ratios matter
   */
  public static Allocation proportional(ToDoubleFunction<ParameterShape> scale) {
    return new ProportionalAllocation(scale);
  }
}
