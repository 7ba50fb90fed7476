package io.espalier.federation.simulation;

import java.util.List;

/** The work of the clients of a round. */
interface RoundWorkload {
  /** The present clients that can do the work. */
  List<VirtualClient> eligible(List<VirtualClient> there);

  ClientLoad load(VirtualClient client);

  /** The first clients are invited, out of the connected ones. */
  void started(int invited, int connected);

  /**
   * A client sends its result while the round is open.
   *
   * @param seconds since its invitation
   * @return whether the result is accepted
   */
  boolean delivered(VirtualClient client, double seconds);
}
