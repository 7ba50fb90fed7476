package io.espalier.federation.simulation;

import java.util.List;

/** What the clients of a round do, and who learns of it. */
interface RoundWorkload {
  /** Those of the clients that are there that can do it. */
  List<VirtualClient> eligible(List<VirtualClient> there);

  /** What the round asks of a client. */
  ClientLoad load(VirtualClient client);

  /** The first clients are invited, of so many that are there. */
  void started(int invited, int connected);

  /**
   * A client sends its result, and the round is still open.
   *
   * @param seconds since its invitation
   * @return whether the result belongs
   */
  boolean delivered(VirtualClient client, double seconds);
}
