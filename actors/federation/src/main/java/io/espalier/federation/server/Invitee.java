package io.espalier.federation.server;

/**
 * A client that was invited to a round, as it was then.
 *
 * @param densityCap largest share of the prunable weights that it can hold
 * @param width share of the network's channels that it has; 0, which becomes 1, where an earlier
 *     version has not written it
 * @param examples that it trains on
 */
record Invitee(String client, double densityCap, double width, long examples) {
  public Invitee {
    width = width == 0 ? 1 : width;
  }

  /** What it can hold of the network. */
  public DeviceTier tier() {
    return new DeviceTier(densityCap, width);
  }
}
