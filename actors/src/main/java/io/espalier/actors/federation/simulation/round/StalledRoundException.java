package io.espalier.actors.federation.simulation.round;

/** A round can never end: the clients that it needs do not come. */
public final class StalledRoundException extends RuntimeException {
  StalledRoundException(String message) {
    super(message);
  }
}
