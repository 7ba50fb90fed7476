package io.espalier.federation.server;

import java.util.Comparator;
import java.util.OptionalDouble;

/**
 * Devices that can hold the same part of the network.
 *
 * @param cap largest share of the prunable weights of the whole network
 * @param width share of the network's channels; one of {@code federation.widths}
 */
public record DeviceTier(double cap, double width) implements Comparable<DeviceTier> {
  private static final Comparator<DeviceTier> ORDER =
      Comparator.comparingDouble(DeviceTier::cap).thenComparingDouble(DeviceTier::width);

  /** Whether these devices can hold the whole dense network. */
  public boolean isWhole() {
    return cap >= 1 && width >= 1;
  }

  /** The width for telemetry: empty for the whole network. */
  public OptionalDouble reportedWidth() {
    return width < 1 ? OptionalDouble.of(width) : OptionalDouble.empty();
  }

  @Override
  public int compareTo(DeviceTier other) {
    return ORDER.compare(this, other);
  }
}
