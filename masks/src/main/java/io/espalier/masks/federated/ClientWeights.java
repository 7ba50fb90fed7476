package io.espalier.masks.federated;

import java.util.stream.IntStream;

/** Who counts in a round. */
final class ClientWeights {
  private ClientWeights() {}

  /** Whether a client of that weight has a say. */
  static boolean counts(double weight) {
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a client's weight must be finite and 0 or more: weight=" + weight);
    }
    return weight > 0;
  }

  /** Clients that have a say, in order. */
  static int[] voters(ClientUpdates updates) {
    return IntStream.range(0, updates.clients())
        .filter(client -> counts(updates.weight(client)))
        .toArray();
  }
}
