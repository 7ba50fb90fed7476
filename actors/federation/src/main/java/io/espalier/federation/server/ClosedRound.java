package io.espalier.federation.server;

import java.util.Map;
import java.util.Set;

/**
 * What is known of a round that is learned, for clients that did not hear of their receipt.
 *
 * @param invited names of its cohort
 * @param accepted digests of the results that count, by client
 */
record ClosedRound(String key, Set<String> invited, Map<String, String> accepted) {
  public ClosedRound {
    invited = Set.copyOf(invited);
    accepted = Map.copyOf(accepted);
  }

  public boolean isAccepted(String client, String digest) {
    return digest.equals(accepted.get(client));
  }
}
