package io.espalier.federation.simulation;

/** A round can never end: the clients that it needs do not come. */
final class StalledRoundException extends RuntimeException {
  StalledRoundException(String message) {
    super(message);
  }
}
