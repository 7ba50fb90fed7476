package io.espalier.federation.simulation;

import io.espalier.configs.Rules;
import java.util.List;

/**
 * Devices of one memory cap.
 *
 * @param bytes that training may take, beside program and data
 * @param share of all clients
 */
public record MemoryTier(long bytes, double share) {
  public MemoryTier {
    new Rules()
        .require("memory cap", bytes, bytes > 0, "above 0 bytes")
        .require("share", share, share > 0 && share <= 1, "above 0 and up to 1")
        .verify();
  }

  /** The caps of so many clients, in order; counts differ from the shares by less than one. */
  static List<Long> caps(List<MemoryTier> tiers, int clients) {
    return DeviceMix.dealt(
        tiers.stream().map(MemoryTier::bytes).toList(),
        tiers.stream().map(MemoryTier::share).toList(),
        clients);
  }
}
