package io.espalier.actors.federation.client;

/** How a client ended. */
public sealed interface ClientEnd {
  /** The run is over. */
  record Finished() implements ClientEnd {}

  /** The client was asked to stop; what it has done so far is on disk. */
  record Stopped() implements ClientEnd {}

  /** It cannot take part any more. */
  record Failed(RuntimeException cause) implements ClientEnd {}
}
