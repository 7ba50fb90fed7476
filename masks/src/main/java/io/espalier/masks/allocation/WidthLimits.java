package io.espalier.masks.allocation;

import io.espalier.masks.Counts;
import io.espalier.masks.structure.Group;

/**
 * How narrow a group may become.
 *
 * @param maxRatio largest share of a group's channels that may go, from 0 to 1
 * @param minChannels fewest channels that a group keeps, 1 or more
 * @param roundTo what the number of channels is a multiple of once any has gone, 1 or more
 */
public record WidthLimits(double maxRatio, int minChannels, int roundTo) {
  public static final WidthLimits NONE = new WidthLimits(1, 1, 1);

  public WidthLimits {
    if (!(maxRatio >= 0 && maxRatio <= 1) || minChannels < 1 || roundTo < 1) {
      throw new IllegalArgumentException(
          "0 ≤ maxRatio ≤ 1, minChannels ≥ 1 and roundTo ≥ 1 must hold: maxRatio=%s, minChannels=%d, roundTo=%d"
              .formatted(maxRatio, minChannels, roundTo));
    }
  }

  /** Fewest channels that a group may keep; the limits are none of a group that may vanish. */
  public int least(Group group) {
    int channels = group.channels();
    if (!group.isPrunable() || group.mayVanish()) {
      return group.least();
    }
    long share = channels - Counts.within(maxRatio, channels);
    long least = Math.max(minChannels, share);
    long whole = (least + roundTo - 1) / roundTo * roundTo;
    return (int) Math.min(channels, whole);
  }

  boolean allows(Group group, int width) {
    return width == group.channels() || (width >= least(group) && width % roundTo == 0);
  }

  /** Channels that a group keeps when {@code ranked} of them are among the best of all. */
  int width(Group group, int ranked) {
    return ranked == group.channels() ? ranked : Math.max(least(group), ranked / roundTo * roundTo);
  }
}
