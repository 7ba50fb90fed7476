package io.espalier.actors.federation.simulation.round;

/**
 * What a round asks of a client.
 *
 * @param steps batches that go through the network
 * @param bytesUp of the largest result that the client can send
 */
public record Load(long bytesDown, long steps, long bytesUp) {
  Load withDown(long bytes) {
    return new Load(bytes, steps, bytesUp);
  }
}
