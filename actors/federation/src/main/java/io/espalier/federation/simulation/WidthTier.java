package io.espalier.federation.simulation;

import io.espalier.configs.Rules;
import java.util.List;

/**
 * Devices of one width.
 *
 * @param width share of the network's channels that their memory holds
 * @param share of all clients
 */
public record WidthTier(double width, double share) {
  public WidthTier {
    new Rules()
        .require("width", width, width > 0 && width <= 1, "above 0 and up to 1")
        .require("share", share, share > 0 && share <= 1, "above 0 and up to 1")
        .verify();
  }

  /** The widths of so many clients, in order; counts differ from the shares by less than one. */
  static List<Double> widths(List<WidthTier> tiers, int clients) {
    return DeviceMix.dealt(
        tiers.stream().map(WidthTier::width).toList(),
        tiers.stream().map(WidthTier::share).toList(),
        clients);
  }
}
