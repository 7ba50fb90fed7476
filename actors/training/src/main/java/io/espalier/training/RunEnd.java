package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import io.espalier.trainer.run.FinishedRun;

/** How a run ends, as the coordinator sees it. */
public sealed interface RunEnd extends NoSerializationVerificationNeeded {
  /** Trained to the end and evaluated. */
  record Completed(FinishedRun finished) implements RunEnd {}

  /** Stopped on request; the checkpoint of {@code step} is written. */
  record Stopped(long step) implements RunEnd {}

  /** Ended on request after {@code step} committed steps, without a checkpoint of them. */
  record Cancelled(long step) implements RunEnd {}

  /** Outlived after {@code step} committed steps by the reign of term {@code by}. */
  record Fenced(long step, long by) implements RunEnd {}

  /** Cut short after {@code step} committed steps, as a node that trained is gone, or cannot. */
  record NodeLost(long step, String cause) implements RunEnd {}

  /** Ended by an error after {@code step} committed steps. */
  record Aborted(long step, String cause) implements RunEnd {}
}
