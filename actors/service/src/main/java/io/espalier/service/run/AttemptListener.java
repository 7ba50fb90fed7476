package io.espalier.service.run;

/** Hears of an attempt, in order; each call must return fast. */
public interface AttemptListener {
  /** Recipe, data and checkpoint are read; training begins. */
  void started(long fromStep, long totalSteps);

  /** How far it is; told at most every second. */
  void progressed(AttemptProgress progress);

  /** A checkpoint survives the loss of power. */
  void checkpointed(long step);

  /** Said once, and last. */
  void ended(AttemptEnd end);
}
