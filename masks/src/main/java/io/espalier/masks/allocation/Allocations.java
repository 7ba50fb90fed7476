package io.espalier.masks.allocation;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.prune.AllocationConfig;
import io.espalier.masks.Registry;

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
          .with(AllocationConfig.Custom.class, Allocations::refuse);

  private Allocations() {}

  /** The allocation that a recipe asks for. */
  public static Allocation of(AllocationConfig config) {
    return REGISTRY.create(config);
  }

  private static Allocation refuse(AllocationConfig.Custom config) {
    throw InvalidConfigException.of(
        "prune.allocation.kind", "must name a known allocation: kind=" + config.family().name());
  }
}
