package io.espalier.masks.schedule;

/** The syncs of a run: step 0, every {@code syncEvery} steps, and the last step. */
record SyncClock(long syncEvery, long totalSteps) {
  boolean isSync(long step) {
    return step == totalSteps || (step >= 0 && step < totalSteps && step % syncEvery == 0);
  }

  long after(long step) {
    return Math.min(totalSteps, (step / syncEvery + 1) * syncEvery);
  }

  long atOrAfter(long step) {
    return isSync(step) ? step : after(step);
  }

  /** True if {@code sync} is the first one at or after some positive multiple of {@code every}. */
  boolean isDue(long sync, long every) {
    if (!isSync(sync)) {
      throw new IllegalArgumentException("the step must be a sync: step=" + sync);
    }
    if (sync == 0) {
      return false;
    }
    long previous = (sync - 1) / syncEvery * syncEvery;
    return sync / every > previous / every;
  }
}
