package io.espalier.masks.schedule;

/**
 * The syncs of a run: step 0, every {@code syncEvery} steps, and the last step.
 *
 * @param origin the step of another run's state that the run starts from, which was a sync there
 *     and is one here; 0 for a run of its own
 */
record SyncClock(long syncEvery, long totalSteps, long origin) {
  boolean isSync(long step) {
    return step == totalSteps
        || step == origin
        || (step >= 0 && step < totalSteps && step % syncEvery == 0);
  }

  long after(long step) {
    long next = (step / syncEvery + 1) * syncEvery;
    return Math.min(totalSteps, step < origin ? Math.min(origin, next) : next);
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
    long regular = (sync - 1) / syncEvery * syncEvery;
    long previous = origin < sync ? Math.max(origin, regular) : regular;
    return sync / every > previous / every;
  }
}
