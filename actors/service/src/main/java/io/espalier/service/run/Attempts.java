package io.espalier.service.run;

/** Starts attempts on this node. Thread-safe. */
public interface Attempts {
  /**
   * Starts an attempt in threads of its own, and returns at once. It goes on from the newest
   * checkpoint of the run's directory, or from the recipe.
   */
  Attempt start(AttemptOrder order, AttemptListener listener);
}
