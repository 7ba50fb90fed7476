package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import java.util.List;

/**
 * The channels that an update keeps.
 *
 * @param kept for each group of the whole network
 * @param scores for each group one per channel, finite and 0 or more; 0 for what was no candidate
 * @param share what those that are kept cost, as a share of the whole network's cost, from 0 to 1
 */
public record ChannelChoice(List<Mask> kept, List<float[]> scores, double share) {
  public ChannelChoice {
    kept = List.copyOf(kept);
    scores = List.copyOf(scores);
  }
}
