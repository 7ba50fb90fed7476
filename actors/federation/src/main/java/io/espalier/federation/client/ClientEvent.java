package io.espalier.federation.client;

import io.espalier.trainer.federated.RoundWork;
import java.time.Duration;
import java.util.OptionalDouble;

/** What happens to a client, for whoever watches it. */
public sealed interface ClientEvent {
  /**
   * The server has taken the client in.
   *
   * @param width share of the network's channels that it has
   */
  record Joined(String run, int examples, int heldBack, double width) implements ClientEvent {}

  /** The connection is gone, or was not there; the next attempt follows. */
  record ConnectionLost(String cause, Duration delay) implements ClientEvent {}

  /** The client was chosen. */
  record Chosen(String round, RoundWork.Kind kind) implements ClientEvent {}

  /**
   * The work of a round is done, and its result on disk.
   *
   * @param loss mean over all steps, where the client trained
   */
  record WorkDone(String round, RoundWork.Kind kind, long steps, OptionalDouble loss, long bytes)
      implements ClientEvent {}

  /**
   * The server has a result.
   *
   * @param duplicate whether it had it before
   */
  record Delivered(String round, long bytes, boolean duplicate) implements ClientEvent {}

  /** The run ended before the server could say whether it has a result. */
  record ReceiptMissed(String round) implements ClientEvent {}

  /** The server does not take a result, or does not give what the work needs. */
  record Refused(String round, String reason) implements ClientEvent {}

  /** The work of a round is not wanted any more. */
  record RoundOver(String round) implements ClientEvent {}

  /** The work of a round came to nothing. */
  record WorkFailed(String round, String cause) implements ClientEvent {}

  /** A new certificate is there. */
  record Renewed() implements ClientEvent {}

  /** There is no new certificate yet; the next attempt follows. */
  record RenewalFailed(String cause, Duration delay) implements ClientEvent {}
}
