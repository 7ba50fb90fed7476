package io.espalier.service.run;

/** How an attempt ended. */
public sealed interface AttemptEnd {
  /** All files of the run are written. */
  record Completed(long step, double accuracy, double sparsity) implements AttemptEnd {}

  /** Ended on request with a checkpoint of {@code step}. */
  record Paused(long step) implements AttemptEnd {}

  /** Ended on request without a checkpoint. */
  record Cancelled() implements AttemptEnd {}

  /** Ended by an error; earlier checkpoints are intact. */
  record Failed(long step, String cause) implements AttemptEnd {}

  /** A node with one of its trainers is gone; the next attempt may begin at once. */
  record NodeLost(long step, String cause) implements AttemptEnd {}

  /** A later reign has begun: nothing that this attempt does counts any more. */
  record Fenced(String by) implements AttemptEnd {}
}
