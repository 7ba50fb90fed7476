package io.espalier.federation.simulation;

/**
 * The load of a round on a client.
 *
 * @param steps batches that go through the network
 * @param bytesUp of the largest result that the client can send
 */
record ClientLoad(long bytesDown, long steps, long bytesUp) {
  ClientLoad withDown(long bytes) {
    return new ClientLoad(bytes, steps, bytesUp);
  }
}
