package io.espalier.training.run;

import io.espalier.trainer.run.FinishedRun;
import java.nio.file.Path;
import java.util.Optional;

/** How a run ended, as its user sees it. */
public sealed interface RunResult {
  /**
   * All files are written.
   *
   * @param leftToShip why telemetry could not all be shipped yet, if so
   */
  record Finished(Path report, FinishedRun run, Optional<String> leftToShip) implements RunResult {}

  /** Stopped on request with a checkpoint of {@code step}. */
  record Stopped(long step) implements RunResult {}

  /** Ended on request after {@code step} committed steps; earlier checkpoints are intact. */
  record Cancelled(long step) implements RunResult {}

  /** Outlived: the reign of term {@code by} has begun, and nothing more of this one counts. */
  record Fenced(long by) implements RunResult {}

  /**
   * Cut short, as a node that trained is gone; earlier checkpoints are intact, and the next attempt
   * may begin at once elsewhere.
   */
  record NodeLost(long step, String cause) implements RunResult {}

  /** Ended by an error; earlier checkpoints are intact. */
  record Failed(long step, String cause) implements RunResult {}
}
