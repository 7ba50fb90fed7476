package io.espalier.masks.allocation;

import io.espalier.masks.Counts;
import io.espalier.masks.structure.Group;

/**
 * How narrow a group may become.
 *
 * @param mostPruned largest share of a group's channels that may go, from 0 to 1
 * @param leastChannels fewest channels that a group keeps, 1 or more
 * @param multiple what the number of channels is a multiple of once any has gone, 1 or more
 */
public record WidthLimits(double mostPruned, int leastChannels, int multiple) {
  public static final WidthLimits NONE = new WidthLimits(1, 1, 1);

  public WidthLimits {
    if (!(mostPruned >= 0 && mostPruned <= 1) || leastChannels < 1 || multiple < 1) {
      throw new IllegalArgumentException(
          "0 ≤ mostPruned ≤ 1, leastChannels ≥ 1 and multiple ≥ 1 must hold: mostPruned=%s, leastChannels=%d, multiple=%d"
              .formatted(mostPruned, leastChannels, multiple));
    }
  }

  /** Fewest channels that a group may keep; the limits are none of a group that may vanish. */
  public int least(Group group) {
    int channels = group.channels();
    if (!group.isPrunable() || group.mayVanish()) {
      return group.least();
    }
    long share = channels - Counts.within(mostPruned, channels);
    long least = Math.max(leastChannels, share);
    long whole = (least + multiple - 1) / multiple * multiple;
    return (int) Math.min(channels, whole);
  }

  boolean allows(Group group, int width) {
    return width == group.channels() || (width >= least(group) && width % multiple == 0);
  }

  /** Channels that a group keeps when {@code ranked} of them are among the best of all. */
  int width(Group group, int ranked) {
    return ranked == group.channels()
        ? ranked
        : Math.max(least(group), ranked / multiple * multiple);
  }
}
