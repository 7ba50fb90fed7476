package io.espalier.federation.client;

import io.espalier.trainer.federated.RoundWork;
import java.time.Duration;
import java.util.OptionalDouble;

/** An event of a client, for its user. */
public sealed interface ClientEvent {
  /**
   * The server admitted the client.
   *
   * @param width share of the network's channels that it has
   * @param computing what its rounds are computed by, for its user
   */
  record Joined(String run, int examples, int heldBack, double width, String computing)
      implements ClientEvent {}

  /** The connection was lost, or could not be opened; another attempt follows. */
  record ConnectionLost(String cause, Duration delay) implements ClientEvent {}

  record Chosen(String round, RoundWork.Kind kind) implements ClientEvent {}

  /** A round's result is on disk; {@code loss} is the mean over all steps, if trained. */
  record WorkDone(String round, RoundWork.Kind kind, long steps, OptionalDouble loss, long bytes)
      implements ClientEvent {}

  /** The server acknowledged a result; {@code duplicate} if it had the result before. */
  record Delivered(String round, long bytes, boolean duplicate) implements ClientEvent {}

  /** The run ended before the server acknowledged a result. */
  record ReceiptMissed(String round) implements ClientEvent {}

  /** The server refused a result, or payloads that the work needs. */
  record Refused(String round, String reason) implements ClientEvent {}

  record RoundOver(String round) implements ClientEvent {}

  record WorkFailed(String round, String cause) implements ClientEvent {}

  record Renewed() implements ClientEvent {}

  record RenewalFailed(String cause, Duration delay) implements ClientEvent {}
}
