package io.espalier.service.attempt;

import io.espalier.training.run.RunResult;

/** Training or a federation that has begun. {@link #await} is called once, by the owner. */
interface RunningWork extends AutoCloseable {
  /** Completed steps, or rounds, that it goes on from. */
  long fromStep();

  long totalSteps();

  /** Asks for a checkpoint as soon as there can be one, and an end after it. */
  void stop();

  /** Asks for a checkpoint as soon as there can be one. */
  void checkpoint();

  /** Asks for an end without a checkpoint. */
  void cancel();

  RunResult await();

  @Override
  void close();
}
