package io.espalier.federation.simulation;

import io.espalier.configs.Rules;
import java.util.List;

/**
 * Devices of one density cap.
 *
 * @param cap largest share of the prunable weights that they can hold
 * @param share of all clients
 */
public record DensityTier(double cap, double share) {
  public DensityTier {
    new Rules()
        .require("density cap", cap, cap > 0 && cap <= 1, "above 0 and up to 1")
        .require("share", share, share > 0 && share <= 1, "above 0 and up to 1")
        .verify();
  }

  /** The caps of so many clients, in order; counts differ from the shares by less than one. */
  static List<Double> caps(List<DensityTier> tiers, int clients) {
    return DeviceMix.dealt(
        tiers.stream().map(DensityTier::cap).toList(),
        tiers.stream().map(DensityTier::share).toList(),
        clients);
  }
}
