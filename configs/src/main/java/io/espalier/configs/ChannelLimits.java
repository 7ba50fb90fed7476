package io.espalier.configs;

/**
 * How narrow layers may become.
 *
 * @param mostPruned largest share of a group's channels that may go
 * @param leastChannels fewest channels that a group keeps
 * @param multiple what the channels of a group are a multiple of once any has gone
 */
public record ChannelLimits(double mostPruned, int leastChannels, int multiple) {
  public ChannelLimits {
    new Rules()
        .require("most-pruned", mostPruned, mostPruned > 0 && mostPruned <= 1, "above 0, at most 1")
        .require("least-channels", leastChannels, leastChannels >= 1, "1 or more")
        .require("multiple", multiple, multiple >= 1, "1 or more")
        .verify();
  }
}
