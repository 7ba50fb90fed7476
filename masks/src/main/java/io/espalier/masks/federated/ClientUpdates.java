package io.espalier.masks.federated;

import io.espalier.masks.Mask;

/**
 * What the clients of a round sent, in a fixed order.
 *
 * <p>A rule asks for one parameter after another, and may ask for it more than once; so the values
 * need not all be in memory.
 */
public interface ClientUpdates {
  /** Number of clients. */
  int clients();

  /** How much a client counts, finite and 0 or more: its number of examples. */
  double weight(int client);

  /** The units of a parameter that a client holds. */
  Mask holds(int client, int parameter);

  /**
   * A client's values of a parameter, one finite value per unit; those that it does not hold are
   * not read. Rules do not change the array, and drop it before they ask for another parameter.
   */
  float[] values(int client, int parameter);
}
