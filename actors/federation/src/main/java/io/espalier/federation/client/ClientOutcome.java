package io.espalier.federation.client;

/** How a client ended. */
public sealed interface ClientOutcome {
  /** The run is over. */
  record Finished() implements ClientOutcome {}

  /** The client was asked to stop; what it has done so far is on disk. */
  record Stopped() implements ClientOutcome {}

  /** It cannot take part any more. */
  record Failed(RuntimeException cause) implements ClientOutcome {}
}
