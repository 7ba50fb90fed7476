package io.espalier.federation.server;

/**
 * An invited client as it was at the invitation.
 *
 * @param densityCap largest share of the prunable weights that it can hold
 * @param width share of the network's channels that it has; 0 in files of earlier versions, read as
 *     1
 * @param examples that it trains on
 */
record SelectedClient(String client, double densityCap, double width, long examples) {
  public SelectedClient {
    width = width == 0 ? 1 : width;
  }

  public DeviceTier tier() {
    return new DeviceTier(densityCap, width);
  }
}
