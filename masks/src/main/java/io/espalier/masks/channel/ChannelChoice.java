package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import java.util.List;

/**
 * The channels that an update keeps.
 *
 * @param kept for each group of the whole network
 * @param share what they cost, as a share of the whole network's cost, from 0 to 1
 */
public record ChannelChoice(List<Mask> kept, double share) {
  public ChannelChoice {
    kept = List.copyOf(kept);
  }
}
