package io.espalier.training;

/**
 * One attempt at a run, training or a federation. {@link #pause}, {@link #checkpoint}, {@link
 * #cancel}, {@link #interrupt} and {@link #ping} return at once and are thread-safe; the owner
 * calls {@link #await} and {@link #close}.
 */
public interface RunHandle extends AutoCloseable {
  /** Completed steps, or rounds, of the checkpoint that this attempt resumes; 0 without one. */
  long startStep();

  /** Steps, or rounds, of the whole run. */
  long totalSteps();

  /** Requests a checkpoint at the next sync and an end after it. */
  void pause();

  /** Requests a checkpoint at the next sync. */
  void checkpoint();

  /** Requests an end at once, without a checkpoint. */
  void cancel();

  /** Requests an end at once for that cause, which is no end of the run. */
  void interrupt(String cause);

  /**
   * Calls {@code pong} once what decides over the run has taken every message before this one: one
   * that never comes shows that it hangs.
   */
  default void ping(Runnable pong) {
    pong.run();
  }

  /** Waits for the end. Called once. */
  RunResult await();

  @Override
  void close();
}
